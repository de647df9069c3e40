# float64 PyTorch autograd: sequence to sequence (teacher forced, and fed back) and one to many (fed back, softmax probabilities as the next input); random weights and non-zero biases, B = 3
import torch,numpy as np
D={}; torch.set_default_dtype(torch.float64); K,H,B,N,M=5,4,3,6,5; F=torch.nn.functional
for s,name in enumerate(('RNNCell','LSTMCell','GRUCell')):
    for kind in ('seq_to_seq','seq_to_seq_fed','one_to_many'):
        torch.manual_seed(s); mods={}
        for part in (('enc','dec') if kind.startswith('seq') else ('dec',)): mods[part]=getattr(torch.nn,name)(K,H)
        mods['out']=torch.nn.Linear(H,K)
        for m in mods.values():
            for p in m.parameters(): torch.nn.init.normal_(p,std=.7)
        k=f'{name}:{kind}'; fed=kind!='seq_to_seq'; n=N if 'enc' in mods else 0
        sym=torch.randint(K,(n or 1,B)); tgt=torch.randint(K,(M,B)); zero=torch.zeros(B,H); st=(zero,zero) if name=='LSTMCell' else zero
        x=F.one_hot(sym,K).to(zero)
        if n: x=torch.cat([x,torch.zeros(1,B,K),F.one_hot(tgt[:-1],K).to(zero)])
        else: x=torch.cat([x,torch.zeros(M-1,B,K)])
        x.requires_grad_(); hs=[]; cs=[]; ps=[]; loss=0
        def step(part,inp):
            global st; st=mods[part](inp,st); h=st[0] if name=='LSTMCell' else st; h.retain_grad(); hs.append(h)
            if name=='LSTMCell': st[1].retain_grad(); cs.append(st[1])
            return h
        for t in range(n): step('enc',x[t])
        for t in range(M):
            y=mods['out'](step('dec',ps[-1] if fed and t else x[n+t])); ps.append(torch.softmax(y,-1)); loss=loss+F.cross_entropy(y,tgt[t],reduction='sum')/M
        loss.backward()
        D[k+'/symbols']=sym; D[k+'/targets']=tgt; D[k+'/x']=x.detach(); D[k+'/dx']=x.grad; D[k+'/loss']=loss.detach(); D[k+'/p']=torch.stack(ps).detach()
        D[k+'/h']=torch.stack(hs).detach(); D[k+'/dh']=torch.stack([h.grad for h in hs])
        if cs: D[k+'/dc']=torch.stack([c.grad for c in cs])
        for part,m in mods.items():
            for a,p in m.named_parameters(): D[f'{k}/p/{part}/{a}']=p.detach(); D[f'{k}/dp/{part}/{a}']=p.grad
np.savez('torch_problems.npz',**{a:b.numpy() for a,b in D.items()}); print(len(D),torch.__version__)
