// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// libSystem surface used by the Go runtime / syscall / os / testing packages.
#include "shim.h"
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <dirent.h>
#include <sched.h>
#include <ucontext.h>
#include <grp.h>

__thread struct dthread *self_;
static struct dthread *threads; static pthread_mutex_t tlock=PTHREAD_MUTEX_INITIALIZER; static uint32_t nextport=0x203; static uint64_t nexttid=0x1000;

void thread_attach(struct dthread *t){
	t->tsd[0]=t; t->tsd[1]=&t->err; t->_pad_err=0x5a5a5a5a; /* on macOS the word after errno is the low half of stackaddr */
	pthread_mutex_lock(&tlock); t->port=nextport; nextport+=0x100; t->tid=++nexttid; t->tsd[3]=(void*)(uintptr_t)t->port;
	t->next=threads; t->pprev=&threads; if(threads) threads->pprev=&t->next; threads=t; pthread_mutex_unlock(&tlock);
	self_=t;
#ifdef __x86_64__
	syscall(SYS_arch_prctl,ARCH_SET_GS,t->tsd);
#endif
}
static void thread_detach(struct dthread *t){ pthread_mutex_lock(&tlock); *t->pprev=t->next; if(t->next) t->next->pprev=t->pprev; pthread_mutex_unlock(&tlock); }
struct dthread *thread_of_port(uint32_t port){ struct dthread *r=NULL; pthread_mutex_lock(&tlock); for(struct dthread *t=threads;t;t=t->next) if(t->port==port) r=t; pthread_mutex_unlock(&tlock); return r; }

int l2d_errno(int e){ switch(e){
	case EAGAIN: return 35; case EDEADLK: return 11; case EINPROGRESS: return 36; case EALREADY: return 37; case ENOTSOCK: return 38;
	case EOPNOTSUPP: return 102; case EADDRINUSE: return 48; case EADDRNOTAVAIL: return 49; case ENETUNREACH: return 51; case ECONNRESET: return 54;
	case ENOBUFS: return 55; case EISCONN: return 56; case ENOTCONN: return 57; case ETIMEDOUT: return 60; case ECONNREFUSED: return 61; case ELOOP: return 62;
	case ENAMETOOLONG: return 63; case ENOTEMPTY: return 66; case EOVERFLOW: return 84; case ENOSYS: return 78; case ENOLCK: return 77; case EILSEQ: return 92;
	case EOWNERDEAD: return 105; case ENOTRECOVERABLE: return 104; case EPROTO: return 100; case ECANCELED: return 89; case ENODATA: return 96; case EHOSTUNREACH: return 65; }
	return e<=34 ? e : 22; }
#define W(call) ({ __auto_type _r=(call); if((long)_r==-1) SETERR(); _r; })
static int *s_error(void){ return &self_->err; }

// ---- signals ----
static const uint8_t d2l[32]={0,1,2,3,4,5,6,0,8,9,7,11,31,13,14,15,23,19,20,18,17,21,22,29,24,25,26,27,28,0,10,12};
static uint8_t l2d[65];
__attribute__((constructor)) static void sinit(void){ for(int i=1;i<32;i++) if(d2l[i]) l2d[d2l[i]]=i; }
struct dsa { uint64_t h; uint32_t mask; int32_t flags; };
static struct dsa sas[32];
static void mask_d2l(uint32_t m, sigset_t *s){ sigemptyset(s); for(int i=1;i<32;i++) if((m>>(i-1)&1)&&d2l[i]) sigaddset(s,d2l[i]); }
static uint32_t mask_l2d(const sigset_t *s){ uint32_t m=0; for(int i=1;i<32;i++) if(d2l[i]&&sigismember(s,d2l[i])) m|=1u<<(i-1); return m; }
struct dsi { int32_t signo,err,code,pid; uint32_t uid; int32_t status; uint64_t addr, value; int64_t band; uint64_t pad[7]; };
#ifdef __x86_64__
struct dmc { uint16_t trapno,cpu; uint32_t errc; uint64_t fault; uint64_t r[21]; uint8_t fs[528]; };
#else
struct dmc { uint64_t fault; uint32_t esr,exc; uint64_t r[33]; uint32_t cpsr,pad; uint64_t v[64]; uint32_t fpsr,fpcr; };
#endif
struct duc { int32_t onstack; uint32_t mask; uint64_t ss_sp, ss_size; int32_t ss_flags, pad; void *link; uint64_t mcsize; struct dmc *mc; };
#ifdef __x86_64__
static const int regmap[18]={REG_RAX,REG_RBX,REG_RCX,REG_RDX,REG_RDI,REG_RSI,REG_RBP,REG_RSP,REG_R8,REG_R9,REG_R10,REG_R11,REG_R12,REG_R13,REG_R14,REG_R15,REG_RIP,REG_EFL};
#endif
static void sighand(int ls, siginfo_t *si, void *uc_){
	ucontext_t *uc=uc_; int ds=l2d[ls]; int save=errno, dsave=self_?self_->err:0;
	struct dsi di={0}; struct dmc mc={0}; struct duc du={0};
	di.signo=ds; di.code=si->si_code; di.addr=(uint64_t)si->si_addr;
	if(si->si_code<=0){ di.code=0x10001; di.addr=0; di.pid=si->si_pid; di.uid=si->si_uid; if(si->si_code==SI_TKILL||si->si_code==SI_USER) di.code=0; }
	else if(si->si_code==0x80){ di.code=1; }
	else if(ls==SIGFPE){ static const uint8_t m[9]={0,7,8,1,2,3,4,5,6}; di.code=si->si_code<9?m[si->si_code]:0; }
#ifdef __aarch64__
	memcpy(mc.r,uc->uc_mcontext.regs,31*8); mc.r[31]=uc->uc_mcontext.sp; mc.r[32]=uc->uc_mcontext.pc; mc.cpsr=uc->uc_mcontext.pstate; mc.fault=uc->uc_mcontext.fault_address;
#else
	for(int i=0;i<18;i++) mc.r[i]=uc->uc_mcontext.gregs[regmap[i]];
	mc.r[18]=0x2b; mc.trapno=uc->uc_mcontext.gregs[REG_TRAPNO]; mc.errc=uc->uc_mcontext.gregs[REG_ERR]; mc.fault=uc->uc_mcontext.gregs[REG_CR2];
#endif
	du.mc=&mc; du.mcsize=sizeof mc; du.mask=mask_l2d(&uc->uc_sigmask); du.ss_sp=(uint64_t)uc->uc_stack.ss_sp; du.ss_size=uc->uc_stack.ss_size; du.ss_flags=uc->uc_stack.ss_flags&2?4:0;
	((void(*)(int,void*,void*))sas[ds].h)(ds,&di,&du);
#ifdef __aarch64__
	memcpy(uc->uc_mcontext.regs,mc.r,31*8); uc->uc_mcontext.sp=mc.r[31]; uc->uc_mcontext.pc=mc.r[32]; uc->uc_mcontext.pstate=mc.cpsr;
#else
	for(int i=0;i<18;i++) uc->uc_mcontext.gregs[regmap[i]]=mc.r[i];
#endif
	sigset_t s; mask_d2l(du.mask,&s); for(int i=1;i<32;i++) if(d2l[i]){ if(sigismember(&s,d2l[i])) sigaddset(&uc->uc_sigmask,d2l[i]); else sigdelset(&uc->uc_sigmask,d2l[i]); }
	errno=save; if(self_) self_->err=dsave;
}
static long s_sigaction(int sig,const struct dsa *n,struct dsa *o){
	if(sig<=0||sig>=32||((sig==9||sig==17)&&n)){ self_->err=D_EINVAL; return -1; }
	if(o) *o=sas[sig];
	if(!n) return 0;
	sas[sig]=*n; if(!d2l[sig]) return 0;
	struct sigaction a={0}; a.sa_flags=SA_SIGINFO|(n->flags&1?SA_ONSTACK:0)|(n->flags&2?SA_RESTART:0)|(n->flags&0x10?SA_NODEFER:0)|(n->flags&4?SA_RESETHAND:0);
	mask_d2l(n->mask,&a.sa_mask); if(n->h<2){ a.sa_flags=0; a.sa_handler=(void*)n->h; } else a.sa_sigaction=sighand;
	return W(sigaction(d2l[sig],&a,NULL));
}
static long s_sigmask(int how,const uint32_t *n,uint32_t *o){ sigset_t s,os; if(n) mask_d2l(*n,&s);
	int r=pthread_sigmask(how==1?SIG_BLOCK:how==2?SIG_UNBLOCK:SIG_SETMASK,n?&s:NULL,&os); if(o) *o=mask_l2d(&os); return l2d_errno(r); }
struct dst { void *sp; size_t size; int32_t flags; };
static long s_sigaltstack(const struct dst *n, struct dst *o){ stack_t a,b; if(n){ a.ss_sp=n->sp; a.ss_size=n->size; a.ss_flags=n->flags&4?SS_DISABLE:0; }
	int r=W(sigaltstack(n?&a:NULL,&b)); if(o){ o->sp=b.ss_sp; o->size=b.ss_size; o->flags=(b.ss_flags&SS_DISABLE?4:0)|(b.ss_flags&SS_ONSTACK?1:0); } return r; }
static long s_kill(int pid,int sig){ return W(kill(pid,sig?d2l[sig&31]:0)); }
static long s_raise(int sig){ return W(raise(d2l[sig&31])); }
static long s_pthread_kill(struct dthread *t,int sig){ return l2d_errno(pthread_kill(t->lp,sig?d2l[sig&31]:0)); }
static long s_sigfillset(uint32_t *s){ *s=~0u; return 0; }

// ---- threads ----
struct dattr { uint64_t sig, stack, detach, guard, r[4]; };
static long s_attr_init(struct dattr *a){ memset(a,0,sizeof *a); a->sig=0x54485244; a->stack=512*1024; a->detach=1; return 0; }
static long s_attr_destroy(struct dattr *a){ a->sig=0; return 0; }
static long s_attr_getstack(const struct dattr *a,size_t *s){ *s=a->stack; return 0; }
static long s_attr_setstack(struct dattr *a,size_t s){ if(s<16384||s&4095) return D_EINVAL; a->stack=s; return 0; }
static long s_attr_setdetach(struct dattr *a,int d){ if(d!=1&&d!=2) return D_EINVAL; a->detach=d; return 0; }
static void *tmain(void *p){ struct dthread *t=p; t->stack_hi=__builtin_frame_address(0); t->lp=pthread_self(); thread_attach(t); void *r=t->start(t->arg); t->ret=r;
	thread_detach(t); if(t->detached) { /* leaked on purpose: signal handlers may still look */ } return r; }
static long s_pthread_create(struct dthread **out,const struct dattr *a,void*(*f)(void*),void *arg){
	struct dthread *t=calloc(1,sizeof *t); if(!t) return D_EAGAIN; t->start=f; t->arg=arg; t->stack_size=a?a->stack:512*1024; t->detached=a&&a->detach==2;
	pthread_attr_t la; pthread_attr_init(&la); pthread_attr_setstacksize(&la,t->stack_size+256*1024); if(t->detached) pthread_attr_setdetachstate(&la,PTHREAD_CREATE_DETACHED);
	pthread_t lp; int r=pthread_create(&lp,&la,tmain,t); pthread_attr_destroy(&la); if(r){ free(t); return l2d_errno(r);} t->lp=lp; *out=t; return 0; }
static struct dthread *s_pthread_self(void){ return self_; }
static long s_pthread_join(struct dthread *t,void **ret){ int r=pthread_join(t->lp,NULL); if(!r&&ret) *ret=t->ret; return l2d_errno(r); }
static long s_pthread_detach(struct dthread *t){ t->detached=true; return l2d_errno(pthread_detach(t->lp)); }
static size_t s_get_stacksize(struct dthread *t){ return t->stack_size; }
static void *s_get_stackaddr(struct dthread *t){ return t->stack_hi; }
static long s_threadid(struct dthread *t,uint64_t *id){ if(!id) return D_EINVAL; *id=(t?t:self_)->tid; return 0; }
static uint32_t s_mach_thread_np(struct dthread *t){ return t->port; }
static uint32_t s_mach_thread_self(void){ return self_->port; }
static long s_main_np(void){ return getpid()==gettid(); }
static long s_equal(void *a,void *b){ return a==b; }
static long s_setname(const char *n){ if(n&&strlen(n)>63){ self_->err=63; return -1; } snprintf(self_->name,64,"%s",n?n:""); return 0; } // ENAMETOOLONG, through errno
static long s_getname(struct dthread *t,char *b,size_t n){ snprintf(b,n,"%s",t->name); return 0; }
static long s_set_qos(uint32_t q,int rel){ if((q!=0x21&&q!=0x19&&q!=0x15&&q!=0x11&&q!=9)||rel>0||rel<-15) return D_EINVAL; self_->qos=q; return 0; }
static long s_get_qos(struct dthread *t,uint32_t *q,int *rel){ if(q) *q=t->qos; if(rel) *rel=0; return 0; }
static uint32_t s_qos_self(void){ return self_->qos; }
static void s_yield(void){ sched_yield(); }
static int nkeys=256; static long s_key_create(uint64_t *k,void(*d)(void*)){ (void)d; int i=__atomic_fetch_add(&nkeys,1,__ATOMIC_SEQ_CST); if(i>=320) return D_EAGAIN; *k=i; return 0; }
static long s_key_delete(uint64_t k){ (void)k; return 0; }
#ifdef __aarch64__ // Go's arm64 start-up searches the 512 words at the thread pointer for its key
static __thread void *keys[64];
#define SLOT(k) keys[(k)-256]
#define KMAX 320
#else
#define SLOT(k) self_->tsd[k]
#define KMAX 512
#endif
static long s_setspecific(uint64_t k,void *v){ if(k<256||k>=KMAX) return D_EINVAL; SLOT(k)=v; return 0; }
static void *s_getspecific(uint64_t k){ return k>=256&&k<KMAX?SLOT(k):0; }

// ---- memory / time ----
static void *s_mmap(void *a,size_t l,int pr,int fl,int fd,off_t o){ int f=fl&0x13; if(fl&0x1000) f|=MAP_ANONYMOUS; if(fl&0x40) f|=MAP_NORESERVE; return W(mmap(a,l,pr,f,fl&0x1000?-1:fd,o)); }
static long s_munmap(void *a,size_t l){ return W(munmap(a,l)); }
static long s_mprotect(void *a,size_t l,int p){ return W(mprotect(a,l,p)); }
static long s_madvise(void *a,size_t l,int adv){ if(adv==7||adv==5) adv=MADV_DONTNEED; else if(adv==8) return 0; return W(madvise(a,l,adv)); }
static long s_msync(void *a,size_t l,int f){ return W(msync(a,l,(f&3)|(f&0x10?MS_SYNC:0))); }
static long s_mlock(void *a,size_t l){ return W(mlock(a,l)); }
uint64_t s_mach_absolute_time(void){ uint64_t n=now_ns(); return (unsigned __int128)n*tb_denom/tb_numer; }
static long s_timebase(uint32_t *tb){ tb[0]=tb_numer; tb[1]=tb_denom; return 0; }
long s_clock_gettime(int id,struct timespec *t){ int l=-1; switch(id){case 0:l=0;break;case 6:case 8:case 9:case 5:l=1;break;case 4:l=4;break;case 12:l=2;break;case 16:l=3;break;} if(l<0){ self_->err=D_EINVAL; return -1;} return W(clock_gettime(l,t)); }
static long s_usleep(unsigned u){ return W(usleep(u)); }
static long s_nanosleep(const struct timespec *a,struct timespec *b){ return W(nanosleep(a,b)); }
static long s_setitimer(int w,const struct itimerval *a,struct itimerval *b){ return W(setitimer(w,a,b)); }
static void s_arc4random_buf(void *b,size_t n){ uint8_t *p=b; while(n){ ssize_t r=getrandom(p,n>256?256:n,0); if(r>0){p+=r;n-=r;} } }
static long s_getentropy(void *b,size_t n){ s_arc4random_buf(b,n); return 0; }
static long s_gettimeofday(struct timeval *t,void *z){ (void)z; return gettimeofday(t,NULL); }

// ---- sysctl ----
static int put(void *o,size_t *n,const void *v,size_t l){ if(n){ if(o){ if(*n<l){ self_->err=D_ENOMEM; return -1;} memcpy(o,v,l);} *n=l; } return 0; }
static long s_sysctl(uint32_t *mib,unsigned n,void *o,size_t *on,void *nw,size_t nn){ (void)nw;(void)nn; uint32_t v;
	if(n==2&&mib[0]==6){ if(mib[1]==3||mib[1]==25){ v=sysconf(_SC_NPROCESSORS_ONLN); return put(o,on,&v,4);} if(mib[1]==7){ v=4096; return put(o,on,&v,4);} }
	if(n==2&&mib[0]==1){ struct utsname u; uname(&u); const char *s=0; switch(mib[1]){case 1:s="Darwin";break;case 2:s="24.0.0";break;case 10:s=u.nodename;break;} if(s) return put(o,on,s,strlen(s)+1); if(mib[1]==8){ v=1<<20; return put(o,on,&v,4);} }
	self_->err=D_ENOENT; return -1; }
static long s_sysctlbyname(const char *nm,void *o,size_t *on,void *nw,size_t nn){ (void)nw;(void)nn; uint32_t v;
	if(!strcmp(nm,"hw.ncpu")||!strcmp(nm,"hw.logicalcpu")){ v=sysconf(_SC_NPROCESSORS_ONLN); return put(o,on,&v,4);} if(!strcmp(nm,"hw.pagesize")){ v=4096; return put(o,on,&v,4);}
	if(!strcmp(nm,"kern.osproductversion")){ char b[16]; snprintf(b,16,"%d.%d",os_ver/100,os_ver%100); return put(o,on,b,strlen(b)+1);} if(!strcmp(nm,"kern.osrelease")) return put(o,on,"24.0.0",7);
	self_->err=D_ENOENT; return -1; }

// ---- kqueue on epoll ----
struct kev { uint64_t ident; int16_t filter; uint16_t flags; uint32_t fflags; int64_t data; uint64_t udata; };
static struct kq { int ep, ev; uint64_t uident, uudata; } kqs[64]; static uint64_t fdud[65536]; static pthread_mutex_t kqm=PTHREAD_MUTEX_INITIALIZER;
static long s_kqueue(void){ int ep=epoll_create1(EPOLL_CLOEXEC); if(ep<0){ SETERR(); return -1; } pthread_mutex_lock(&kqm); int i=0; for(;i<64;i++) if(!kqs[i].ep||kqs[i].ep==ep) break; kqs[i].ep=ep; kqs[i].ev=-1; pthread_mutex_unlock(&kqm); return ep; }
static struct kq *kqof(int fd){ for(int i=0;i<64;i++) if(kqs[i].ep==fd) return &kqs[i]; return NULL; }
static long s_kevent(int fd,const struct kev *c,int nc,struct kev *o,int no,const struct timespec *ts){
	struct kq *k=kqof(fd); if(!k){ self_->err=9; return -1; }
	for(int i=0;i<nc;i++){
		if(c[i].filter==-10){ if(c[i].flags&1){ k->ev=eventfd(0,EFD_NONBLOCK|EFD_CLOEXEC); k->uident=c[i].ident; k->uudata=c[i].udata; struct epoll_event e={EPOLLIN|EPOLLET,{.u64=~0ull}}; epoll_ctl(k->ep,EPOLL_CTL_ADD,k->ev,&e); }
			if(c[i].fflags&0x1000000){ uint64_t one=1; if(write(k->ev,&one,8)<0){} } continue; }
		if(c[i].filter!=-1&&c[i].filter!=-2){ self_->err=D_EINVAL; return -1; }
		if(c[i].flags&1){ if(c[i].ident<65536) fdud[c[i].ident]=c[i].udata; struct epoll_event e={EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET,{.u64=c[i].ident}};
			if(epoll_ctl(k->ep,EPOLL_CTL_ADD,c[i].ident,&e)<0&&epoll_ctl(k->ep,EPOLL_CTL_MOD,c[i].ident,&e)<0){ SETERR(); return -1; } }
		else if(c[i].flags&2) epoll_ctl(k->ep,EPOLL_CTL_DEL,c[i].ident,NULL); }
	if(!no) return 0;
	struct epoll_event e[32]; struct timespec t; if(ts) t=*ts; int m=no/2; if(m>32) m=32; if(m<1) m=1;
	int n=syscall(SYS_epoll_pwait2,k->ep,e,m,ts?&t:NULL,NULL,0); if(n<0&&errno==ENOSYS) n=epoll_wait(k->ep,e,m,ts?(int)(t.tv_sec>1000000?1000000000:t.tv_sec*1000+(t.tv_nsec+999999)/1000000):-1); if(n<0){ SETERR(); return -1; }
	int r=0; for(int i=0;i<n;i++){
		if(e[i].data.u64==~0ull){ uint64_t v; if(read(k->ev,&v,8)<0){} o[r++]=(struct kev){k->uident,-10,0x20,0,0,k->uudata}; continue; }
		uint64_t f=e[i].data.u64; uint16_t eof=e[i].events&(EPOLLHUP|EPOLLRDHUP|EPOLLERR)?0x8000:0;
		if(e[i].events&(EPOLLIN|EPOLLHUP|EPOLLRDHUP|EPOLLERR)&&r<no) o[r++]=(struct kev){f,-1,0x20|eof,0,1,fdud[f]};
		if(e[i].events&(EPOLLOUT|EPOLLHUP|EPOLLERR)&&r<no) o[r++]=(struct kev){f,-2,0x20|(eof&(e[i].events&(EPOLLHUP|EPOLLERR)?0xffff:0)),0,1,fdud[f]}; }
	return r; }

// ---- files ----
static int oflags(int f){ int l=f&3; static const int m[][2]={{4,O_NONBLOCK},{8,O_APPEND},{0x200,O_CREAT},{0x400,O_TRUNC},{0x800,O_EXCL},{0x1000000,O_CLOEXEC},{0x100000,O_DIRECTORY},{0x100,O_NOFOLLOW},{0x80,O_SYNC},{0x20000,O_NOCTTY}}; for(unsigned i=0;i<10;i++) if(f&m[i][0]) l|=m[i][1]; return l; }
static int oflags_back(int l){ int f=l&3; if(l&O_NONBLOCK) f|=4; if(l&O_APPEND) f|=8; return f; }
static int atfd(int d){ return d==-2?AT_FDCWD:d; }
static int atfl(int f,int eaccess){ int l=0; if(f&0x20) l|=AT_SYMLINK_NOFOLLOW; if(f&0x40) l|=AT_SYMLINK_FOLLOW; if(f&0x80) l|=AT_REMOVEDIR; if(eaccess&&f&0x10) l|=AT_EACCESS; return l; }
static long s_open(const char *p,int f,VA2 int m){ return W(open(p,oflags(f),m)); }
static long s_openat(int d,const char *p,int f,VA3 int m){ return W(openat(atfd(d),p,oflags(f),m)); }
static long s_close(int f){ return W(close(f)); }
static ssize_t s_read(int f,void *b,size_t n){ return W(read(f,b,n)); }
static ssize_t s_write(int f,const void *b,size_t n){ return W(write(f,b,n)); }
static ssize_t s_writev(int f,const struct iovec *b,int n){ return W(writev(f,b,n)); }
static ssize_t s_pread(int f,void *b,size_t n,off_t o){ return W(pread(f,b,n,o)); }
static ssize_t s_pwrite(int f,const void *b,size_t n,off_t o){ return W(pwrite(f,b,n,o)); }
static off_t s_lseek(int f,off_t o,int w){ return W(lseek(f,o,w)); }
static long s_pipe(int *p){ return W(pipe(p)); }
static long s_dup(int a){ return W(dup(a)); }
static long s_dup2(int a,int b){ return W(dup2(a,b)); }
static long s_fcntl(int fd,int c,VA2 long a){ switch(c){ case 0: case 1: case 2: return W(fcntl(fd,c,a)); case 3:{ int r=W(fcntl(fd,F_GETFL)); return r<0?r:oflags_back(r);} case 4: return W(fcntl(fd,F_SETFL,oflags(a))); case 67: return W(fcntl(fd,F_DUPFD_CLOEXEC,a)); case 51: return W(fsync(fd)); } self_->err=D_EINVAL; return -1; }
struct dstat { int32_t dev; uint16_t mode,nlink; uint64_t ino; uint32_t uid,gid; int32_t rdev; uint32_t pad; struct timespec a,m,c,b; int64_t size,blocks; int32_t blksize; uint32_t flags,gen; int32_t ls; int64_t q[2]; };
_Static_assert(sizeof(struct dstat)==144,"stat");
static int cst(int r,const struct stat *s,struct dstat *d){ if(r){ SETERR(); return -1;} memset(d,0,sizeof *d); d->dev=s->st_dev; d->mode=s->st_mode; d->nlink=s->st_nlink; d->ino=s->st_ino; d->uid=s->st_uid; d->gid=s->st_gid; d->rdev=s->st_rdev; d->a=s->st_atim; d->m=s->st_mtim; d->c=d->b=s->st_ctim; d->size=s->st_size; d->blocks=s->st_blocks; d->blksize=s->st_blksize; return 0; }
static long s_stat(const char *p,struct dstat *d){ struct stat s; return cst(stat(p,&s),&s,d); }
static long s_lstat(const char *p,struct dstat *d){ struct stat s; return cst(lstat(p,&s),&s,d); }
static long s_fstat(int f,struct dstat *d){ struct stat s; return cst(fstat(f,&s),&s,d); }
static long s_fstatat(int f,const char *p,struct dstat *d,int fl){ struct stat s; return cst(fstatat(atfd(f),p,&s,atfl(fl,0)),&s,d); }
struct ddir { uint64_t ino,seek; uint16_t reclen,namlen; uint8_t type; char name[1024]; };
static void *s_fdopendir(int f){ DIR *d=fdopendir(f); if(!d) SETERR(); return d; }
static long s_closedir(DIR *d){ return W(closedir(d)); }
static long s_readdir_r(DIR *d,struct ddir *e,struct ddir **res){ errno=0; struct dirent *x=readdir(d); if(!x){ *res=0; return l2d_errno(errno);} e->ino=x->d_ino; e->seek=x->d_off; e->type=x->d_type; e->namlen=strlen(x->d_name); strcpy(e->name,x->d_name); e->reclen=(21+e->namlen+1+3)&~3; *res=e; return 0; }
static long s_mkdir(const char *p,int m){ return W(mkdir(p,m)); }
static long s_mkdirat(int d,const char *p,int m){ return W(mkdirat(atfd(d),p,m)); }
static long s_rmdir(const char *p){ return W(rmdir(p)); }
static long s_unlink(const char *p){ return W(unlink(p)); }
static long s_unlinkat(int d,const char *p,int f){ return W(unlinkat(atfd(d),p,atfl(f,0))); }
static long s_chmod(const char *p,int m){ return W(chmod(p,m)); }
static long s_fchmod(int f,int m){ return W(fchmod(f,m)); }
static long s_fchmodat(int d,const char *p,int m,int f){ return W(fchmodat(atfd(d),p,m,atfl(f,0))); }
static long s_access(const char *p,int m){ return W(access(p,m)); }
static long s_faccessat(int d,const char *p,int m,int f){ return W(faccessat(atfd(d),p,m,atfl(f,1))); }
static long s_rename(const char *a,const char *b){ return W(rename(a,b)); }
static long s_link(const char *a,const char *b){ return W(link(a,b)); }
static long s_symlink(const char *a,const char *b){ return W(symlink(a,b)); }
static ssize_t s_readlink(const char *p,char *b,size_t n){ return W(readlink(p,b,n)); }
static ssize_t s_readlinkat(int d,const char *p,char *b,size_t n){ return W(readlinkat(atfd(d),p,b,n)); }
static long s_ftruncate(int f,off_t o){ return W(ftruncate(f,o)); }
static long s_truncate(const char *f,off_t o){ return W(truncate(f,o)); }
static long s_fsync(int f){ return W(fsync(f)); }
static long s_flock(int f,int o){ return W(flock(f,o)); }
static long s_chdir(const char *p){ return W(chdir(p)); }
static long s_fchdir(int f){ return W(fchdir(f)); }
static char *s_getcwd(char *b,size_t n){ char *r=getcwd(b,n); if(!r) SETERR(); return r; }
static long s_utimensat(int d,const char *p,const struct timespec *t,int f){ return W(utimensat(atfd(d),p,t,atfl(f,0))); }
static long s_umask(int m){ return umask(m); }
static long s_getrlimit(int w,uint64_t *r){ if(w==8) w=RLIMIT_NOFILE; struct rlimit l; if(getrlimit(w,&l)){ SETERR(); return -1;} r[0]=l.rlim_cur==RLIM_INFINITY?INT64_MAX:l.rlim_cur; r[1]=l.rlim_max==RLIM_INFINITY?INT64_MAX:l.rlim_max; return 0; }
static long s_setrlimit(int w,const uint64_t *r){ if(w==8) w=RLIMIT_NOFILE; struct rlimit l={r[0]>=INT64_MAX?RLIM_INFINITY:r[0],r[1]>=INT64_MAX?RLIM_INFINITY:r[1]}; return W(setrlimit(w,&l)); }
static long s_getrusage(int w,struct rusage *r){ return W(getrusage(w,r)); }
static long s_ioctl(int f,unsigned long r,VA2 void *a){ (void)f;(void)r;(void)a; self_->err=25; return -1; }

// ---- processes ----
static long s_getpid(void){ return getpid(); } static long s_getppid(void){ return getppid(); } static unsigned s_getuid(void){ return getuid(); } static unsigned s_geteuid(void){ return geteuid(); } static unsigned s_getgid(void){ return getgid(); } static unsigned s_getegid(void){ return getegid(); }
static long s_issetugid(void){ return 0; }
static long s_fork(void){ int r=W(fork()); return r; }
static long s_getpgrp(void){ return getpgrp(); } static long s_setsid(void){ return W(setsid()); } static long s_setpgid(int a,int b){ return W(setpgid(a,b)); } static long s_getpgid(int a){ return W(getpgid(a)); }
static long s_execve(const char *p,char **av,char **ev){
	int fd=open(p,O_RDONLY|O_CLOEXEC); uint32_t mg=0; if(fd>=0){ if(read(fd,&mg,4)!=4) mg=0; close(fd); }
	if(mg==0xfeedfacf){ int n=0; while(av[n]) n++; char **v=calloc(n+4,sizeof *v); int k=0; char *emu=getenv("OSYNC_MACHO_EMULATOR"); if(emu&&*emu) v[k++]=emu; v[k++]=(char*)loader_path; v[k++]=(char*)p; for(int i=1;i<n;i++) v[k++]=av[i]; return W(execve(v[0],v,ev)); }
	return W(execve(p,av,ev)); }
static long s_wait4(int pid,int *st,int opt,struct rusage *ru){ int s,r=W(wait4(pid,&s,opt,ru)); if(r>0&&st){ if(WIFSIGNALED(s)) s=(s&~0x7f)|l2d[WTERMSIG(s)]; else if(WIFSTOPPED(s)) s=0x7f|l2d[WSTOPSIG(s)]<<8; *st=s; } return r; }
static void s_exit(int c){ fflush(NULL); _exit(c); }
static void s_abort(void){ signal(SIGABRT,SIG_DFL); abort(); }
static long s_sysconf(int n){ switch(n){case 29: return 4096; case 58: case 57: return sysconf(_SC_NPROCESSORS_ONLN); case 71: case 70: return 4096;} self_->err=D_EINVAL; return -1; }

// ---- dl ----
static __thread char dlerr[256]; static __thread bool dlset;
static void *s_dlopen(const char *p,int m){ (void)m; if(!p||!strncmp(p,"/usr/lib/libSystem",18)||!strncmp(p,"/usr/lib/system/",16)||!strcmp(p,"libSystem.B.dylib")||!strcmp(p,"libSystem.dylib")) return (void*)1; snprintf(dlerr,256,"dlopen(%s): tried: '%s' (no such file)",p,p); dlset=true; return 0; }
static void *s_dlsym(void *h,const char *n){ (void)h; void *r=lookup(n); if(!r){ snprintf(dlerr,256,"dlsym(%p, %s): symbol not found",h,n); dlset=true; } return r; }
static char *s_dlerror(void){ if(!dlset) return 0; dlset=false; return dlerr; }
static long s_dlclose(void *h){ (void)h; return 0; }
static int ret0(void){ return 0; }
static uint32_t task_self=0x203;

#define S(n,f) {#n,(void*)(f),0}
const struct sym sys_syms[]={ {"__error",s_error,0},{"_exit",s_exit,0},{"exit",s_exit,0},{"mach_task_self_",&task_self,0},
 S(sigaction,s_sigaction),S(pthread_sigmask,s_sigmask),S(sigprocmask,s_sigmask),S(sigaltstack,s_sigaltstack),S(kill,s_kill),S(raise,s_raise),S(pthread_kill,s_pthread_kill),S(sigfillset,s_sigfillset),
 S(pthread_attr_init,s_attr_init),S(pthread_attr_destroy,s_attr_destroy),S(pthread_attr_getstacksize,s_attr_getstack),S(pthread_attr_setstacksize,s_attr_setstack),S(pthread_attr_setdetachstate,s_attr_setdetach),
 S(pthread_create,s_pthread_create),S(pthread_self,s_pthread_self),S(pthread_join,s_pthread_join),S(pthread_detach,s_pthread_detach),S(pthread_get_stacksize_np,s_get_stacksize),S(pthread_get_stackaddr_np,s_get_stackaddr),
 S(pthread_threadid_np,s_threadid),S(pthread_mach_thread_np,s_mach_thread_np),S(mach_thread_self,s_mach_thread_self),S(pthread_main_np,s_main_np),S(pthread_equal,s_equal),S(pthread_setname_np,s_setname),S(pthread_getname_np,s_getname),
 S(pthread_set_qos_class_self_np,s_set_qos),S(pthread_get_qos_class_np,s_get_qos),S(qos_class_self,s_qos_self),S(pthread_yield_np,s_yield),S(sched_yield,s_yield),
 S(pthread_key_create,s_key_create),S(pthread_key_delete,s_key_delete),S(pthread_setspecific,s_setspecific),S(pthread_getspecific,s_getspecific),
 S(mmap,s_mmap),S(munmap,s_munmap),S(mprotect,s_mprotect),S(madvise,s_madvise),S(msync,s_msync),S(mlock,s_mlock),
 S(mach_absolute_time,s_mach_absolute_time),S(mach_timebase_info,s_timebase),S(clock_gettime,s_clock_gettime),S(gettimeofday,s_gettimeofday),S(usleep,s_usleep),S(nanosleep,s_nanosleep),S(setitimer,s_setitimer),S(arc4random_buf,s_arc4random_buf),S(getentropy,s_getentropy),
 S(sysctl,s_sysctl),S(sysctlbyname,s_sysctlbyname),S(kqueue,s_kqueue),S(kevent,s_kevent),
 S(open,s_open),S(openat,s_openat),S(close,s_close),S(read,s_read),S(write,s_write),S(writev,s_writev),S(pread,s_pread),S(pwrite,s_pwrite),S(lseek,s_lseek),S(pipe,s_pipe),S(dup,s_dup),S(dup2,s_dup2),S(fcntl,s_fcntl),
 S(stat,s_stat),S(lstat,s_lstat),S(fstat,s_fstat),S(fstatat,s_fstatat),S(fdopendir,s_fdopendir),S(readdir_r,s_readdir_r),
 S(stat64,s_stat),S(lstat64,s_lstat),S(fstat64,s_fstat),S(fstatat64,s_fstatat),{"fdopendir$INODE64",s_fdopendir,0},S(closedir,s_closedir),{"readdir_r$INODE64",s_readdir_r,0},
 S(mkdir,s_mkdir),S(mkdirat,s_mkdirat),S(rmdir,s_rmdir),S(unlink,s_unlink),S(unlinkat,s_unlinkat),S(chmod,s_chmod),S(fchmod,s_fchmod),S(fchmodat,s_fchmodat),S(access,s_access),S(faccessat,s_faccessat),S(rename,s_rename),S(link,s_link),S(symlink,s_symlink),S(readlink,s_readlink),S(readlinkat,s_readlinkat),
 S(ftruncate,s_ftruncate),S(truncate,s_truncate),S(fsync,s_fsync),S(flock,s_flock),S(chdir,s_chdir),S(fchdir,s_fchdir),S(getcwd,s_getcwd),S(utimensat,s_utimensat),S(umask,s_umask),S(getrlimit,s_getrlimit),S(setrlimit,s_setrlimit),S(getrusage,s_getrusage),S(ioctl,s_ioctl),
 S(getpid,s_getpid),S(getppid,s_getppid),S(getuid,s_getuid),S(geteuid,s_geteuid),S(getgid,s_getgid),S(getegid,s_getegid),S(issetugid,s_issetugid),S(getpgrp,s_getpgrp),S(fork,s_fork),S(setsid,s_setsid),S(setpgid,s_setpgid),S(getpgid,s_getpgid),S(execve,s_execve),S(wait4,s_wait4),S(abort,s_abort),S(sysconf,s_sysconf),
 S(dlopen,s_dlopen),S(dlsym,s_dlsym),S(dlerror,s_dlerror),S(dlclose,s_dlclose),S(malloc,malloc),S(calloc,calloc),S(free,free),S(memset,memset),S(memcpy,memcpy),S(setenv,setenv),S(unsetenv,unsetenv),S(getenv,getenv),S(puts,puts),S(strlen,strlen),
 S(notify_is_valid_token,ret0),S(xpc_date_create_from_current,ret0),{0} };
