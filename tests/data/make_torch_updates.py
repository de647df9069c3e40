# float64 PyTorch: five updates of RNN (tanh, relu), LSTM and GRU with a linear readout; SGD (cosine schedule), momentum (norms clipped to 0.5), RMSprop (values clipped to 0.05) and Adam; mean squared error and cross entropy on steps 4 and 6 of 6; full backpropagation, new inputs for each update, random non-zero biases, B = 3
import torch,numpy as np
D={}; torch.set_default_dtype(torch.float64); U,T,B,I,H,K=5,6,3,3,4,3; AT=[3,5]
CELLS=dict(rnn=('RNN',{}),relu=('RNN',dict(nonlinearity='relu')),lstm=('LSTM',{}),gru=('GRU',{}))
OPT=dict(sgd=lambda p:torch.optim.SGD(p,lr=.3),momentum=lambda p:torch.optim.SGD(p,lr=.1,momentum=.9),rmsprop=lambda p:torch.optim.RMSprop(p,lr=.02),adam=lambda p:torch.optim.Adam(p,lr=.05))
torch.manual_seed(0); x=torch.randn(U,T,B,I); y=torch.randn(U,T,B,K); c=torch.randint(K,(U,T,B)); D['x'],D['squared_error'],D['cross_entropy']=x,y,c
for s,(name,(kind,kw)) in enumerate(CELLS.items()):
    for opt,make in OPT.items():
        for loss in ('squared_error','cross_entropy'):
            torch.manual_seed(s+1); net=getattr(torch.nn,kind)(I,H,**kw); out=torch.nn.Linear(H,K); ps=[*net.parameters(),*out.parameters()]
            for p in ps: torch.nn.init.normal_(p,std=.7)
            def keep(k):
                for a,p in net.named_parameters(): D[f'{k}/{a}']=p.detach().clone()
                for a,p in out.named_parameters(): D[f'{k}/out.{a}']=p.detach().clone()
            keep(f'{name}/start'); k=f'{name}:{opt}:{loss}'; o=make(ps); L=[]; N=[]
            sch=torch.optim.lr_scheduler.CosineAnnealingLR(o,U) if opt=='sgd' else None
            for u in range(U):
                h=out(net(x[u])[0][AT]); l=torch.nn.MSELoss()(h,y[u][AT]) if loss=='squared_error' else torch.nn.CrossEntropyLoss()(h.reshape(-1,K),c[u][AT].ravel())
                o.zero_grad(); l.backward(); n=torch.cat([p.grad.ravel() for p in ps]).norm(); L.append(l.item()); N.append(n.item())
                if opt=='momentum':
                    for p in ps: p.grad*=min(1.,.5/n)
                if opt=='rmsprop': torch.nn.utils.clip_grad_value_(ps,.05)
                o.step()
                if sch: sch.step()
            keep(k); D[k+'/loss']=torch.tensor(L); D[k+'/norm']=torch.tensor(N)
np.savez_compressed('torch_updates.npz',**{a:b.numpy() for a,b in D.items()}); print(len(D),torch.__version__)
