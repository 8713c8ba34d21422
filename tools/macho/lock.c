// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The lock surface of libSystem, imitated on Linux futexes: the same symbols, arguments, return values and errno
// as Apple documents. It proves a binding's plumbing; wake order, fairness and timing are this file's, not Apple's.
#include "shim.h"
#include <sys/uio.h>
#include <semaphore.h>

// ---------- ulock ----------
struct waiter { struct waiter *next; uint32_t woken, port; };
struct ull { struct ull *next; uintptr_t addr; int opcode; int nwaiters; uint32_t owner; struct waiter *head; };
static struct bucket { pthread_mutex_t m; struct ull *l; } bk[256]={[0 ... 255]={PTHREAD_MUTEX_INITIALIZER,0}};
static struct bucket *bucket(uintptr_t a){ return &bk[(a>>3^a>>11)&255]; }
static struct ull *find(struct bucket *b,uintptr_t a){ for(struct ull *u=b->l;u;u=u->next) if(u->addr==a) return u; return 0; }
static void unlinku(struct bucket *b,struct ull *u){ for(struct ull **p=&b->l;*p;p=&(*p)->next) if(*p==u){ *p=u->next; free(u); return; } }
#include <sys/mman.h>
static int copyin(uintptr_t a,size_t n,uint64_t *v){ *v=0;
#ifdef __aarch64__ // qemu-user lacks process_vm_readv
	if(msync((void*)(a&~4095ul),4096,MS_ASYNC)) return D_EFAULT; if(n==4) *v=__atomic_load_n((uint32_t*)a,__ATOMIC_SEQ_CST); else if(n==8) *v=__atomic_load_n((uint64_t*)a,__ATOMIC_SEQ_CST); return 0;
#endif
	 struct iovec l={v,n},r={(void*)a,n}; return process_vm_readv(getpid(),&l,1,&r,1,0)==(ssize_t)n?0:D_EFAULT; }
#define FWAKEMASK 0x01000700u
#define FWAITMASK (0x01000000u|(os_ver>=1404?0x02000000u:0)|0x00070000u)

static int wait_core(uint32_t op,uintptr_t addr,uint64_t value,uint64_t timeout,int *retval){ // 0 or errno
	int oc=op&0xff; uint32_t fl=op&~0xffu; *retval=0;
	if(oc>2&&os_ver<1015) return D_EINVAL;
	if(fl&~FWAITMASK) return D_EINVAL;
	size_t sz; bool own=false,shared=false;
	switch(oc){ case 1: sz=4; break; case 2: sz=4; own=true; break; case 3: sz=4; shared=true; break; case 5: sz=8; break; case 6: sz=8; shared=true; break; default: return D_EINVAL; }
	if(!addr||addr&(sz-1)) return D_EINVAL;
	uint64_t deadline=0; // CLOCK_MONOTONIC ns
	if(timeout){ if(fl&0x02000000){ deadline=(unsigned __int128)timeout*tb_numer/tb_denom; } else { uint64_t n=now_ns(); deadline=n+timeout<n?UINT64_MAX:n+timeout; } if(!deadline) deadline=1; }
	uint64_t v; int r;
	if(shared){ // between processes: plain futex on the low word (8-byte words: re-checked every 2 ms)
		if((r=copyin(addr,sz,&v))) return D_EINVAL; // vm_map_page_info fails first
		for(;;){ if(v!=value) return 0; uint64_t n=now_ns(); if(deadline&&n>=deadline) return D_ETIMEDOUT;
			uint64_t left=deadline?deadline-n:3600000000000ull; if(sz==8&&left>2000000) left=2000000; struct timespec ts={left/1000000000,left%1000000000};
			long e=futex((void*)addr,FUTEX_WAIT,(uint32_t)value,&ts,0); if(e==0) return 0; if(e==-EINTR) return D_EINTR; if(e==-EFAULT) return D_EFAULT; copyin(addr,sz,&v); } }
	struct bucket *b=bucket(addr); pthread_mutex_lock(&b->m); struct ull *u=find(b,addr);
	if(!u){ u=calloc(1,sizeof *u); u->addr=addr; u->next=b->l; b->l=u; }
	u->nwaiters++; struct waiter w={0,0,self_->port}; r=0;
	if(!u->opcode) u->opcode=oc; else if(u->opcode!=oc){ r=D_EDOM; goto out; }
	if((r=copyin(addr,sz,&v))) goto out;
	if(v!=value) goto out;                          // 64-bit compare, as the kernel does, also for 4-byte words
	if(own){ uint32_t o=(uint32_t)value|3; if(o==self_->port||(!port_is_live_thread(o)&&o!=0xffffffff)){ r=D_EOWNERDEAD; goto out; } u->owner=o; }
	struct waiter **pp=&u->head; while(*pp) pp=&(*pp)->next; *pp=&w;
	for(;;){
		pthread_mutex_unlock(&b->m);
		uint64_t n=now_ns(),left=deadline?(deadline>n?deadline-n:0):3600000000000ull; struct timespec ts={left/1000000000,left%1000000000};
		long e=left?futex(&w.woken,FUTEX_WAIT_PRIVATE,0,&ts,0):-ETIMEDOUT;   // a timeout makes a handled signal give EINTR, as on macOS
		pthread_mutex_lock(&b->m);
		if(w.woken) { r=0; break; }
		if(e==-EINTR) r=D_EINTR; else if(e==-ETIMEDOUT&&deadline) r=D_ETIMEDOUT; else continue;
		for(pp=&u->head;*pp;pp=&(*pp)->next) if(*pp==&w){ *pp=w.next; break; }
		break; }
out:
	*retval=--u->nwaiters; if(!u->nwaiters) unlinku(b,u);
	pthread_mutex_unlock(&b->m); return r;
}
static void wakew(struct waiter *w){ __atomic_store_n(&w->woken,1,__ATOMIC_RELEASE); futex(&w->woken,FUTEX_WAKE_PRIVATE,1,0,0); }
static int wake_core(uint32_t op,uintptr_t addr,uint64_t wv){
	int oc=op&0xff; uint32_t fl=op&~0xffu; bool own=oc==2,shared=oc==3||oc==6;
	if(oc!=1&&oc!=2&&oc!=3&&oc!=5&&oc!=6) return D_EINVAL;
	if(fl&~FWAKEMASK) return D_EINVAL;
	if(fl&0x200&&(fl&0x100||own)) return D_EINVAL;
	if(fl&0x400&&!own) return D_EINVAL;
	if(!addr) return D_EINVAL;
	if(shared){ uint64_t v; if(copyin(addr,1,&v)) return D_EINVAL; long n=futex((void*)addr,FUTEX_WAKE,fl&0x100?INT32_MAX:1,0,0); return n<0?D_EINVAL:n==0?D_ENOENT:0; }
	if(fl&0x200&&(!port_is_live_thread(wv)||wv==self_->port)) return D_ESRCH;
	struct bucket *b=bucket(addr); int r=0; pthread_mutex_lock(&b->m); struct ull *u=find(b,addr);
	if(!u){ r=D_ENOENT; goto out; }
	if(u->opcode!=oc){ r=D_EDOM; goto out; }
	if(own&&u->owner!=self_->port&&!(fl&0x400)) goto out;
	if(fl&0x200){ r=D_EALREADY; for(struct waiter **pp=&u->head;*pp;pp=&(*pp)->next) if((*pp)->port==wv){ struct waiter *w=*pp; *pp=w->next; wakew(w); r=0; break; } goto out; }
	uint32_t newo=0; do { struct waiter *w=u->head; if(!w) break; u->head=w->next; newo=w->port; wakew(w); } while(fl&0x100);
	if(own) u->owner=fl&0x100?0:newo;
out:
	pthread_mutex_unlock(&b->m); return r;
}
#define RET(op,r,rv) do{ if(r){ if((op)&0x01000000) return -(r); self_->err=(r); return -1; } return (rv); }while(0)
static long s_ulock_wait2(uint32_t op,uintptr_t a,uint64_t v,uint64_t t,uint64_t v2){ (void)v2; int rv; int r=wait_core(op,a,v,t,&rv); RET(op,r,rv); }
static long s_ulock_wait(uint32_t op,uintptr_t a,uint64_t v,uint32_t us){ int rv; int r=wait_core(op,a,v,us*1000ull,&rv); RET(op,r,rv); }
static long s_ulock_wake(uint32_t op,uintptr_t a,uint64_t v){ int r=wake_core(op,a,v); RET(op,r,0); }

// ---------- os_sync_wait_on_address ----------
static int fail(int e){ self_->err=e; return -1; }
static int opof(size_t s,uint32_t f){ return s==4?(f&1?3:1):(f&1?6:5); }
static int s_os_wait_dl(uintptr_t a,uint64_t v,size_t s,uint32_t f,uint32_t clk,uint64_t d){ if(f&~1u||(s!=4&&s!=8)||!d||clk!=32) return fail(D_EINVAL); int rv,r=wait_core(opof(s,f)|0x03000000,a,v,d,&rv); return r?fail(r):rv; }
static int s_os_wait_to(uintptr_t a,uint64_t v,size_t s,uint32_t f,uint32_t clk,uint64_t t){ if(f&~1u||(s!=4&&s!=8)||!t||clk!=32) return fail(D_EINVAL); int rv,r=wait_core(opof(s,f)|0x01000000,a,v,t,&rv); return r?fail(r):rv; }
static int s_os_wait(uintptr_t a,uint64_t v,size_t s,uint32_t f){ if(f&~1u||(s!=4&&s!=8)) return fail(D_EINVAL); int rv,r=wait_core(opof(s,f)|0x01000000,a,v,0,&rv); return r?fail(r):rv; }
static int os_wake(uintptr_t a,size_t s,uint32_t f,uint32_t x){ if(f&~1u||(s!=4&&s!=8)) return fail(D_EINVAL); int r=wake_core(opof(s,f)|0x01000000|x,a,0); return r?fail(r):0; }
static int s_os_wake_any(uintptr_t a,size_t s,uint32_t f){ return os_wake(a,s,f,0); }
static int s_os_wake_all(uintptr_t a,size_t s,uint32_t f){ return os_wake(a,s,f,0x100); }

// ---------- os_unfair_lock ----------
// The word is 0 when free, else the owner's port; its low bit is cleared once somebody may be asleep on it.
// Misuse kills the process with a trap, as on macOS.
static bool cas(uint32_t *p,uint32_t *e,uint32_t n,int mo){ return __atomic_compare_exchange_n(p,e,n,false,mo,__ATOMIC_RELAXED); }
__attribute__((noreturn,noinline)) static void misuse(const char *what,uint32_t word){ fprintf(stderr,"machorun: os_unfair_lock: %s (word 0x%x)\n",what,word); __builtin_trap(); }
// Unknown options die at once here; on macOS only when the lock is contended.
#define UL_OPTIONS (0x00010000u|0x00040000u|(os_ver>=1403?0x02000000u:0))
static bool ul_slow(uint32_t *l,uint64_t deadline){ // deadline: CLOCK_MONOTONIC ns, 0 = none
	uint32_t me=self_->port,w;
	for(;;){
		w=__atomic_load_n(l,__ATOMIC_RELAXED);
		if(w==0){ if(cas(l,&w,me&~1u,__ATOMIC_ACQUIRE)) return true; continue; }  // taken as contended: others may still sleep
		if((w|1)==me) misuse("locked again by its owner",w);
		if(!port_is_live_thread(w|1)) misuse("corrupt, or its owner has exited",w);
		if((w&1)&&!cas(l,&w,w&~1u,__ATOMIC_RELAXED)) continue;
		struct timespec ts,*p=NULL; if(deadline){ uint64_t n=now_ns(); if(n>=deadline) return false; ts.tv_sec=(deadline-n)/1000000000; ts.tv_nsec=(deadline-n)%1000000000; p=&ts; }
		futex(l,FUTEX_WAIT_PRIVATE,w&~1u,p,0);
	}
}
static void s_ul_lock_flags(uint32_t *l,uint32_t flags){
	if(flags&~UL_OPTIONS) misuse("unknown flags",flags);
	uint32_t w=0; if(!cas(l,&w,self_->port,__ATOMIC_ACQUIRE)) ul_slow(l,0);
}
static void s_ul_lock(uint32_t *l){ s_ul_lock_flags(l,0); }
static bool s_ul_trylock(uint32_t *l){ uint32_t w=0; return cas(l,&w,self_->port,__ATOMIC_ACQUIRE); }
static void s_ul_unlock(uint32_t *l){
	uint32_t w=__atomic_exchange_n(l,0,__ATOMIC_RELEASE);
	if((w|1)!=self_->port) misuse("unlocked by a thread that does not own it",w);
	if(!(w&1)) futex(l,FUTEX_WAKE_PRIVATE,1,0,0);
}
static bool s_ul_trylock_opt(uint32_t *l,uint32_t opt,uint64_t t){ // t: ns to wait, or mach ticks with the deadline option
	if(opt&~UL_OPTIONS) misuse("unknown flags",opt);
	uint32_t w=0; if(cas(l,&w,self_->port,__ATOMIC_ACQUIRE)) return true;
	uint64_t n=now_ns(),d=opt&0x02000000?(unsigned __int128)t*tb_numer/tb_denom:n+t<n?UINT64_MAX:n+t;
	return d>n&&ul_slow(l,d);
}
static bool ul_mine(uint32_t *l){ return (__atomic_load_n(l,__ATOMIC_RELAXED)|1)==self_->port; }
static void s_ul_assert_owner(uint32_t *l){ if(!ul_mine(l)) misuse("assert_owner failed",*l); }
static void s_ul_assert_not(uint32_t *l){ if(ul_mine(l)) misuse("assert_not_owner failed",*l); }

struct ulrec { uint32_t lock,count; }; // os_unfair_recursive_lock; its _lock without options is an inline of the private header, not a symbol
static void s_ulr_lock(struct ulrec *l,uint32_t opt){ if(ul_mine(&l->lock)) l->count++; else s_ul_lock_flags(&l->lock,opt); }
static bool s_ulr_trylock(struct ulrec *l){ if(ul_mine(&l->lock)){ l->count++; return true; } return s_ul_trylock(&l->lock); }
static void s_ulr_unlock(struct ulrec *l){ if(!l->count){ s_ul_unlock(&l->lock); return; } if(!ul_mine(&l->lock)) misuse("unlocked by a thread that does not own it",l->lock); l->count--; }
static bool s_ulr_owned(struct ulrec *l){ return ul_mine(&l->lock); }
static bool s_ulr_tryunlock(struct ulrec *l){ if(!ul_mine(&l->lock)) return false; s_ulr_unlock(l); return true; }

// ---------- pthread mutex / cond / rwlock / once ----------
struct dmtx { uint64_t sig; uint32_t st,type; uint64_t owner; uint32_t cnt,pshared,policy,proto; int32_t ceil; uint32_t r[5]; };
_Static_assert(sizeof(struct dmtx)==64,"mutex");
struct dmattr { uint64_t sig; uint16_t type,pshared,policy,proto; };
_Static_assert(sizeof(struct dmattr)==16,"mutexattr");
static int m_check(struct dmtx *m){ if(m->sig==0x4D555458) return 0; switch(m->sig){ case 0x32AAABA7: case 0x32AAABA3: m->type=0; break; case 0x32AAABA1: m->type=1; break; case 0x32AAABA2: m->type=2; break; default: return D_EINVAL; }
	__atomic_store_n(&m->sig,0x4D555458,__ATOMIC_RELEASE); return 0; }
static int s_m_init(struct dmtx *m,const struct dmattr *a){ if(a&&a->sig!=0x4D545841) return D_EINVAL; memset(m,0,sizeof *m); if(a){ m->type=a->type; m->pshared=a->pshared; m->policy=a->policy; m->proto=a->proto; } m->sig=0x4D555458; return 0; }
static int s_m_destroy(struct dmtx *m){ if(m_check(m)) return D_EINVAL; if(m->st) return D_EBUSY; m->sig=0; return 0; }
static int m_lock(struct dmtx *m,bool try){ int r=m_check(m); if(r) return r; uint64_t me=self_->tid|(uint64_t)getpid()<<32;
	if(m->type&&__atomic_load_n(&m->owner,__ATOMIC_RELAXED)==me){ if(m->type==2){ if(m->cnt>=65535) return D_EAGAIN; m->cnt++; return 0; } return try?D_EBUSY:D_EDEADLK; }
	uint32_t z=0; if(!cas(&m->st,&z,1,__ATOMIC_ACQUIRE)){ if(try) return D_EBUSY; while(__atomic_exchange_n(&m->st,2,__ATOMIC_ACQUIRE)) futex(&m->st,FUTEX_WAIT,2,0,0); }
	__atomic_store_n(&m->owner,me,__ATOMIC_RELAXED); m->cnt=1; return 0; }
static int s_m_lock(struct dmtx *m){ return m_lock(m,false); } static int s_m_trylock(struct dmtx *m){ return m_lock(m,true); }
static int s_m_unlock(struct dmtx *m){ int r=m_check(m); if(r) return r; if(m->type){ if(m->owner!=(self_->tid|(uint64_t)getpid()<<32)) return D_EPERM; if(m->type==2&&--m->cnt) return 0; }
	__atomic_store_n(&m->owner,0,__ATOMIC_RELAXED); if(__atomic_exchange_n(&m->st,0,__ATOMIC_RELEASE)==2) futex(&m->st,FUTEX_WAKE,1,0,0); return 0; }
static int s_ma_init(struct dmattr *a){ *a=(struct dmattr){0x4D545841,0,2,3,0}; return 0; }
static int s_ma_destroy(struct dmattr *a){ if(a->sig!=0x4D545841) return D_EINVAL; a->sig=0; return 0; }
#define ATTR(nm,f,ok) static int s_ma_get##nm(const struct dmattr *a,int *v){ if(a->sig!=0x4D545841) return D_EINVAL; *v=a->f; return 0; } static int s_ma_set##nm(struct dmattr *a,int v){ if(a->sig!=0x4D545841||!(ok)) return D_EINVAL; a->f=v; return 0; }
ATTR(type,type,v>=0&&v<=2) ATTR(pshared,pshared,v==1||v==2) ATTR(protocol,proto,v>=0&&v<=2) ATTR(policy,policy,v==1||v==3)
struct dcond { uint64_t sig; uint32_t seq,nw; uint64_t r[4]; }; _Static_assert(sizeof(struct dcond)==48,"cond");
static int c_check(struct dcond *c){ if(c->sig==0x434F4E44) return 0; if(c->sig!=0x3CB0B1BB) return D_EINVAL; __atomic_store_n(&c->sig,0x434F4E44,__ATOMIC_RELEASE); return 0; }
static int s_c_init(struct dcond *c,void *a){ (void)a; memset(c,0,sizeof *c); c->sig=0x434F4E44; return 0; }
static int s_c_destroy(struct dcond *c){ if(c_check(c)) return D_EINVAL; if(c->nw) return D_EBUSY; c->sig=0; return 0; }
static int c_wait(struct dcond *c,struct dmtx *m,const struct timespec *rel){ // rel==NULL: for ever
	uint32_t s=__atomic_load_n(&c->seq,__ATOMIC_ACQUIRE); __atomic_fetch_add(&c->nw,1,__ATOMIC_SEQ_CST); int r=s_m_unlock(m); if(r){ __atomic_fetch_sub(&c->nw,1,__ATOMIC_SEQ_CST); return D_EINVAL; }
	long e=futex(&c->seq,FUTEX_WAIT,s,rel,0); __atomic_fetch_sub(&c->nw,1,__ATOMIC_SEQ_CST); s_m_lock(m); return e==-ETIMEDOUT?D_ETIMEDOUT:0; }
static int s_c_wait(struct dcond *c,struct dmtx *m){ if(m_check(m)||c_check(c)) return D_EINVAL; return c_wait(c,m,NULL); }
static int s_c_twrel(struct dcond *c,struct dmtx *m,const struct timespec *t){ if(m_check(m)||c_check(c)) return D_EINVAL; if(t&&(t->tv_nsec<0||t->tv_nsec>=1000000000)) return D_EINVAL;
	if(t&&(t->tv_sec<0||(!t->tv_sec&&!t->tv_nsec))){ int r=s_m_unlock(m); if(r) return r; s_m_lock(m); return D_ETIMEDOUT; } return c_wait(c,m,t); }
static int s_c_tw(struct dcond *c,struct dmtx *m,const struct timespec *t){ if(!t) return s_c_wait(c,m); struct timespec n,d; clock_gettime(CLOCK_REALTIME,&n); d.tv_sec=t->tv_sec-n.tv_sec; d.tv_nsec=t->tv_nsec-n.tv_nsec; if(t->tv_nsec<0||t->tv_nsec>=1000000000) return D_EINVAL; if(d.tv_nsec<0){ d.tv_nsec+=1000000000; d.tv_sec--; } if(d.tv_sec<0) d.tv_sec=d.tv_nsec=0; return s_c_twrel(c,m,&d); }
static int s_c_signal(struct dcond *c){ if(c_check(c)) return D_EINVAL; __atomic_fetch_add(&c->seq,1,__ATOMIC_SEQ_CST); futex(&c->seq,FUTEX_WAKE,1,0,0); return 0; }
static int s_c_bcast(struct dcond *c){ if(c_check(c)) return D_EINVAL; __atomic_fetch_add(&c->seq,1,__ATOMIC_SEQ_CST); futex(&c->seq,FUTEX_WAKE,INT32_MAX,0,0); return 0; }
struct dcattr { uint64_t sig; uint32_t pshared,pad; };
static int s_ca_init(struct dcattr *a){ a->sig=0x434E4441; a->pshared=2; return 0; } static int s_ca_destroy(struct dcattr *a){ if(a->sig!=0x434E4441) return D_EINVAL; a->sig=0; return 0; }
static int s_ca_setpshared(struct dcattr *a,int v){ if(a->sig!=0x434E4441||(v!=1&&v!=2)) return D_EINVAL; a->pshared=v; return 0; } static int s_ca_getpshared(struct dcattr *a,int *v){ if(a->sig!=0x434E4441) return D_EINVAL; *v=a->pshared; return 0; }
struct drw { uint64_t sig; uint32_t g,seq; int32_t readers; uint32_t ww; uint64_t writer; uint64_t r[21]; }; _Static_assert(sizeof(struct drw)==200,"rwlock");
static int rw_check(struct drw *l){ if(l->sig==0x52574C4B) return 0; if(l->sig!=0x2DA8B3B4) return D_EINVAL; __atomic_store_n(&l->sig,0x52574C4B,__ATOMIC_RELEASE); return 0; }
static void gl(uint32_t *g){ uint32_t z=0; if(cas(g,&z,1,__ATOMIC_ACQUIRE)) return; while(__atomic_exchange_n(g,2,__ATOMIC_ACQUIRE)) futex(g,FUTEX_WAIT,2,0,0); }
static void gu(uint32_t *g){ if(__atomic_exchange_n(g,0,__ATOMIC_RELEASE)==2) futex(g,FUTEX_WAKE,1,0,0); }
static int s_rw_init(struct drw *l,void *a){ (void)a; if(l->sig==0x52574C4B&&(l->readers||l->writer)) return D_EBUSY; memset(l,0,sizeof *l); l->sig=0x52574C4B; return 0; }
static int s_rw_destroy(struct drw *l){ if(rw_check(l)) return D_EINVAL; if(l->readers||l->writer) return D_EBUSY; l->sig=0; return 0; }
static int rw_lock(struct drw *l,bool rd,bool try){ int r=rw_check(l); if(r) return r; uint64_t me=self_->tid|(uint64_t)getpid()<<32; bool counted=false;
	for(;;){ gl(&l->g); if(l->writer==me){ gu(&l->g); return D_EDEADLK; }
		bool ok=rd?!l->writer&&!l->ww:!l->writer&&!l->readers; if(ok){ if(rd) l->readers++; else l->writer=me; if(counted) l->ww--; gu(&l->g); return 0; }
		if(try){ gu(&l->g); return D_EBUSY; } if(!rd&&!counted){ l->ww++; counted=true; } uint32_t s=l->seq; gu(&l->g); futex(&l->seq,FUTEX_WAIT,s,0,0); } }
static int s_rw_rd(struct drw *l){ return rw_lock(l,true,false); } static int s_rw_tryrd(struct drw *l){ return rw_lock(l,true,true); } static int s_rw_wr(struct drw *l){ return rw_lock(l,false,false); } static int s_rw_trywr(struct drw *l){ return rw_lock(l,false,true); }
static int s_rw_unlock(struct drw *l){ int r=rw_check(l); if(r) return r; gl(&l->g); if(l->writer) l->writer=0; else if(l->readers>0) l->readers--; else { gu(&l->g); return D_EINVAL; } l->seq++; gu(&l->g); futex(&l->seq,FUTEX_WAKE,INT32_MAX,0,0); return 0; }
struct drwattr { uint64_t sig; uint32_t pshared,pad[3]; };
static int s_rwa_init(struct drwattr *a){ a->sig=0x52574C41; a->pshared=2; return 0; } static int s_rwa_destroy(struct drwattr *a){ if(a->sig!=0x52574C41) return D_EINVAL; a->sig=0; return 0; }
static int s_rwa_setpshared(struct drwattr *a,int v){ if(a->sig!=0x52574C41||(v!=1&&v!=2)) return D_EINVAL; a->pshared=v; return 0; } static int s_rwa_getpshared(struct drwattr *a,int *v){ if(a->sig!=0x52574C41) return D_EINVAL; *v=a->pshared; return 0; }
struct donce { uint64_t sig; uint32_t st,pad; };
static int s_once(struct donce *o,void(*f)(void)){ if(o->sig==0x4F4E4345) return 0; if(o->sig!=0x30B1BCBA) return D_EINVAL; uint32_t z=0; if(cas(&o->st,&z,1,__ATOMIC_ACQUIRE)){ f(); __atomic_store_n(&o->sig,0x4F4E4345,__ATOMIC_RELEASE); __atomic_store_n(&o->st,2,__ATOMIC_RELEASE); futex(&o->st,FUTEX_WAKE,INT32_MAX,0,0); } else while(__atomic_load_n(&o->st,__ATOMIC_ACQUIRE)!=2) futex(&o->st,FUTEX_WAIT,1,0,0); return 0; }

// ---------- dispatch / mach / named semaphores ----------
struct dsem { int32_t v; uint32_t ref; };
static struct dsem *s_ds_create(long v){ if(v<0) return 0; struct dsem *s=calloc(1,sizeof *s); s->v=v; s->ref=1; return s; }
static long s_ds_signal(struct dsem *s){ __atomic_fetch_add(&s->v,1,__ATOMIC_RELEASE); return futex(&s->v,FUTEX_WAKE_PRIVATE,1,0,0)>0; }
static long s_ds_wait(struct dsem *s,uint64_t t){ for(;;){ int32_t v=__atomic_load_n(&s->v,__ATOMIC_RELAXED); if(v>0){ if(__atomic_compare_exchange_n(&s->v,&v,v-1,0,__ATOMIC_ACQUIRE,__ATOMIC_RELAXED)) return 0; continue; }
	if(t==0) return 49; struct timespec ts,*p=0; if(t!=~0ull){ uint64_t n=now_ns(),d=(unsigned __int128)t*tb_numer/tb_denom; if(d<=n) return 49; ts.tv_sec=(d-n)/1000000000; ts.tv_nsec=(d-n)%1000000000; p=&ts; } futex(&s->v,FUTEX_WAIT_PRIVATE,v,p,0); } }
static uint64_t s_dispatch_time(uint64_t w,int64_t d){ if(w==~0ull) return w; uint64_t b=w?w:s_mach_absolute_time(); __int128 r=(__int128)b+(__int128)d*tb_denom/tb_numer; return r<1?1:r; }
static void s_dispatch_release(void *p){ (void)p; }
static sem_t *s_sem_open(const char *n,int f,VA2 long mode,long v){ int l=0; if(f&0x200) l|=O_CREAT; if(f&0x800) l|=O_EXCL; sem_t *s=sem_open(n,l,mode,v); if(s==SEM_FAILED){ SETERR(); return (sem_t*)-1; } return s; }
#define SW(nm,fn,T) static int nm(T a){ int r=fn(a); if(r) SETERR(); return r; }
SW(s_sem_close,sem_close,sem_t*) SW(s_sem_wait,sem_wait,sem_t*) SW(s_sem_trywait,sem_trywait,sem_t*) SW(s_sem_post,sem_post,sem_t*) SW(s_sem_unlink,sem_unlink,const char*)
static int s_nosys(void){ return fail(D_ENOSYS); }

#define S(n,f,v) {#n,(void*)(f),v}
const struct sym lock_syms[]={
 S(__ulock_wait,s_ulock_wait,1012),S(__ulock_wake,s_ulock_wake,1012),S(__ulock_wait2,s_ulock_wait2,1100),
 S(os_sync_wait_on_address,s_os_wait,1404),S(os_sync_wait_on_address_with_deadline,s_os_wait_dl,1404),S(os_sync_wait_on_address_with_timeout,s_os_wait_to,1404),S(os_sync_wake_by_address_any,s_os_wake_any,1404),S(os_sync_wake_by_address_all,s_os_wake_all,1404),
 S(os_unfair_lock_lock,s_ul_lock,1012),S(os_unfair_lock_trylock,s_ul_trylock,1012),S(os_unfair_lock_unlock,s_ul_unlock,1012),S(os_unfair_lock_assert_owner,s_ul_assert_owner,1012),S(os_unfair_lock_assert_not_owner,s_ul_assert_not,1012),S(os_unfair_lock_lock_with_flags,s_ul_lock_flags,1500),
 S(os_unfair_lock_lock_with_options,s_ul_lock_flags,1012),S(os_unfair_lock_trylock_with_options,s_ul_trylock_opt,1403),S(os_unfair_recursive_lock_lock_with_options,s_ulr_lock,1014),S(os_unfair_recursive_lock_trylock,s_ulr_trylock,1014),S(os_unfair_recursive_lock_unlock,s_ulr_unlock,1014),S(os_unfair_recursive_lock_owned,s_ulr_owned,1014),S(os_unfair_recursive_lock_tryunlock4objc,s_ulr_tryunlock,1014),
 S(pthread_mutex_init,s_m_init,0),S(pthread_mutex_destroy,s_m_destroy,0),S(pthread_mutex_lock,s_m_lock,0),S(pthread_mutex_trylock,s_m_trylock,0),S(pthread_mutex_unlock,s_m_unlock,0),
 S(pthread_mutexattr_init,s_ma_init,0),S(pthread_mutexattr_destroy,s_ma_destroy,0),S(pthread_mutexattr_settype,s_ma_settype,0),S(pthread_mutexattr_gettype,s_ma_gettype,0),S(pthread_mutexattr_setpshared,s_ma_setpshared,0),S(pthread_mutexattr_getpshared,s_ma_getpshared,0),S(pthread_mutexattr_setprotocol,s_ma_setprotocol,0),S(pthread_mutexattr_getprotocol,s_ma_getprotocol,0),S(pthread_mutexattr_setpolicy_np,s_ma_setpolicy,0),S(pthread_mutexattr_getpolicy_np,s_ma_getpolicy,1013),
 S(pthread_cond_init,s_c_init,0),S(pthread_cond_destroy,s_c_destroy,0),S(pthread_cond_wait,s_c_wait,0),S(pthread_cond_timedwait,s_c_tw,0),S(pthread_cond_timedwait_relative_np,s_c_twrel,0),S(pthread_cond_signal,s_c_signal,0),S(pthread_cond_broadcast,s_c_bcast,0),S(pthread_condattr_init,s_ca_init,0),S(pthread_condattr_destroy,s_ca_destroy,0),S(pthread_condattr_setpshared,s_ca_setpshared,0),S(pthread_condattr_getpshared,s_ca_getpshared,0),
 S(pthread_rwlock_init,s_rw_init,0),S(pthread_rwlock_destroy,s_rw_destroy,0),S(pthread_rwlock_rdlock,s_rw_rd,0),S(pthread_rwlock_tryrdlock,s_rw_tryrd,0),S(pthread_rwlock_wrlock,s_rw_wr,0),S(pthread_rwlock_trywrlock,s_rw_trywr,0),S(pthread_rwlock_unlock,s_rw_unlock,0),S(pthread_rwlockattr_init,s_rwa_init,0),S(pthread_rwlockattr_destroy,s_rwa_destroy,0),S(pthread_rwlockattr_setpshared,s_rwa_setpshared,0),S(pthread_rwlockattr_getpshared,s_rwa_getpshared,0),S(pthread_once,s_once,0),
 S(dispatch_semaphore_create,s_ds_create,0),S(dispatch_semaphore_signal,s_ds_signal,0),S(dispatch_semaphore_wait,s_ds_wait,0),S(dispatch_time,s_dispatch_time,0),S(dispatch_release,s_dispatch_release,0),
 S(sem_open,s_sem_open,0),S(sem_close,s_sem_close,0),S(sem_wait,s_sem_wait,0),S(sem_trywait,s_sem_trywait,0),S(sem_post,s_sem_post,0),S(sem_unlink,s_sem_unlink,0),S(sem_init,s_nosys,0),S(sem_destroy,s_nosys,0),S(sem_getvalue,s_nosys,0),
 {0} };
