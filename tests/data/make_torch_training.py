# float64 PyTorch: five updates of truncated training of RNN, LSTM and GRU (autograd; h and c detached between windows of 4 steps; SGD and Adam; norms clipped to 0.5), random ±1 inputs and random targets, B = 3
import torch,numpy as np
D={}; torch.set_default_dtype(torch.float64); H,B,K,U=4,3,4,5
for s,name in enumerate(('RNN','LSTM','GRU')):
    for kind in ('sgd','adam'):
        torch.manual_seed(s); net=getattr(torch.nn,name)(1,H); out=torch.nn.Linear(H,1); ps=[*net.parameters(),*out.parameters()]
        for p in ps: torch.nn.init.normal_(p,std=.7)
        opt=torch.optim.SGD(ps,lr=.3) if kind=='sgd' else torch.optim.Adam(ps,lr=.05)
        k=f'{name}:{kind}'; x=torch.randint(2,(U*K,B,1))*2.-1; y=torch.randn(U*K,B,1); D[k+'/x']=x; D[k+'/y']=y; st=None
        def keep(u):
            for a,p in net.named_parameters(): D[f'{k}/p{u}/{a}']=p.detach().clone()
            for a,p in out.named_parameters(): D[f'{k}/p{u}/out.{a}']=p.detach().clone()
        keep(0)
        for u in range(U):
            h,st=net(x[u*K:(u+1)*K],st); loss=((out(h)-y[u*K:(u+1)*K])**2).mean(); opt.zero_grad(); loss.backward()
            n=torch.cat([p.grad.ravel() for p in ps]).norm(); D[f'{k}/norm{u}']=n; D[f'{k}/loss{u}']=loss.detach()
            for p in ps: p.grad*=min(1.,.5/n)
            opt.step(); keep(u+1)
            st=tuple(one.detach() for one in st) if name=='LSTM' else st.detach()
np.savez('torch_training.npz',**{a:b.numpy() for a,b in D.items()}); print(len(D),torch.__version__)
