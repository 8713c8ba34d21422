// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Mach semaphores, thread policies, clocks and QoS overrides: the rest of what a lock library may bind.
#include "shim.h"

enum { KERN_OK=0, KERN_INVALID_ARGUMENT=4, KERN_ABORTED=14, KERN_INVALID_NAME=15, KERN_TERMINATED=37, KERN_NOT_SUPPORTED=46, KERN_NOT_WAITING=48, KERN_TIMED_OUT=49 };

// ---------- semaphores ----------
struct mwait { struct mwait *next; uint32_t woken; uint32_t port; int result; };
struct msem { int count; struct mwait *head; };
#define NSEM 4096
#define SEM_NAME(i) (0x00100007u+((uint32_t)(i)<<8))      // apart from the thread ports of sys.c, which start at 0x203
static struct msem *sems[NSEM]; static pthread_mutex_t sem_lock=PTHREAD_MUTEX_INITIALIZER;

static struct msem **sem_of(uint32_t name){
	uint32_t i=(name-SEM_NAME(0))>>8;
	return i<NSEM&&name==SEM_NAME(i)&&sems[i]?&sems[i]:NULL;
}
static void sem_release(struct mwait *w,int result){ w->result=result; __atomic_store_n(&w->woken,1,__ATOMIC_RELEASE); futex(&w->woken,FUTEX_WAKE_PRIVATE,1,0,0); }
static void sem_unlink(struct msem *s,struct mwait *w){ for(struct mwait **p=&s->head;*p;p=&(*p)->next) if(*p==w){ *p=w->next; return; } }

static int s_sem_create(uint32_t task,uint32_t *name,int policy,int value){ (void)task;
	if(policy<0||policy>7||value<0) return KERN_INVALID_ARGUMENT;      // SYNC_POLICY_FIFO is 0
	pthread_mutex_lock(&sem_lock); int r=KERN_INVALID_ARGUMENT;
	for(int i=0;i<NSEM;i++) if(!sems[i]){ sems[i]=calloc(1,sizeof *sems[i]); sems[i]->count=value; *name=SEM_NAME(i); r=KERN_OK; break; }
	pthread_mutex_unlock(&sem_lock); return r;
}
static int s_sem_destroy(uint32_t task,uint32_t name){ (void)task;
	pthread_mutex_lock(&sem_lock); struct msem **p=sem_of(name),*s=p?*p:NULL;
	if(s){ for(struct mwait *w=s->head,*n;w;w=n){ n=w->next; sem_release(w,KERN_TERMINATED); } *p=NULL; free(s); }
	pthread_mutex_unlock(&sem_lock); return s?KERN_OK:KERN_INVALID_NAME;
}
static int sem_signal_locked(uint32_t name,bool all){
	struct msem **p=sem_of(name),*s=p?*p:NULL; if(!s) return KERN_INVALID_NAME;
	if(!s->head&&!all) s->count++;                                       // signal_all without waiters leaves no trace
	while(s->head){ struct mwait *w=s->head; s->head=w->next; sem_release(w,KERN_OK); if(!all) break; }
	return KERN_OK;
}
static int sem_signal(uint32_t name,bool all){ pthread_mutex_lock(&sem_lock); int r=sem_signal_locked(name,all); pthread_mutex_unlock(&sem_lock); return r; }
static int s_sem_signal(uint32_t name){ return sem_signal(name,false); }
static int s_sem_signal_all(uint32_t name){ return sem_signal(name,true); }
static int s_sem_signal_thread(uint32_t name,uint32_t port){
	pthread_mutex_lock(&sem_lock); struct msem **p=sem_of(name),*s=p?*p:NULL; int r=KERN_INVALID_NAME;
	if(s){ r=KERN_NOT_WAITING; for(struct mwait *w=s->head;w;w=w->next) if(!port||w->port==port){ sem_unlink(s,w); sem_release(w,KERN_OK); r=KERN_OK; break; } }
	pthread_mutex_unlock(&sem_lock); return r;
}
static int sem_wait_ns(uint32_t name,uint32_t signalled,bool timed,uint64_t ns){
	struct mwait w={0}; w.port=self_->port; uint64_t deadline=0;
	if(timed){ uint64_t n=now_ns(); deadline=n+ns<n?UINT64_MAX:n+ns; }
	pthread_mutex_lock(&sem_lock); struct msem **p=sem_of(name),*s=p?*p:NULL; int r=KERN_OK;
	if(!s) r=KERN_INVALID_NAME; else if(signalled) r=sem_signal_locked(signalled,false);
	if(r||s->count>0||(timed&&!ns)){ if(!r){ if(s->count>0) s->count--; else r=KERN_TIMED_OUT; } pthread_mutex_unlock(&sem_lock); return r; }
	struct mwait **q=&s->head; while(*q) q=&(*q)->next; *q=&w;
	for(;;){
		pthread_mutex_unlock(&sem_lock);
		uint64_t n=now_ns(),left=timed?(deadline>n?deadline-n:0):3600000000000ull; struct timespec ts={left/1000000000,left%1000000000};
		long e=left?futex(&w.woken,FUTEX_WAIT_PRIVATE,0,&ts,0):-ETIMEDOUT;   // with a timeout, a handled signal interrupts the wait
		pthread_mutex_lock(&sem_lock);
		if(w.woken){ r=w.result; break; }                                  // s may be gone: touch it only below
		if(e==-EINTR) r=KERN_ABORTED; else if(e==-ETIMEDOUT&&timed) r=KERN_TIMED_OUT; else continue;
		sem_unlink(s,&w); break;
	}
	pthread_mutex_unlock(&sem_lock); return r;
}
// mach_timespec_t {unsigned sec; int nsec} comes by value: one register.
static int sem_timed(uint32_t name,uint32_t signalled,uint64_t t){ int32_t ns=(int32_t)(t>>32); if(ns<0||ns>=1000000000) return KERN_INVALID_ARGUMENT; return sem_wait_ns(name,signalled,true,(uint32_t)t*1000000000ull+ns); }
static int s_sem_wait(uint32_t name){ return sem_wait_ns(name,0,false,0); }
static int s_sem_wait_signal(uint32_t name,uint32_t other){ return sem_wait_ns(name,other,false,0); }
static int s_sem_timedwait(uint32_t name,uint64_t t){ return sem_timed(name,0,t); }
static int s_sem_timedwait_signal(uint32_t name,uint32_t other,uint64_t t){ return sem_timed(name,other,t); }

// ---------- thread policies: checked and remembered, without effect ----------
enum { POLICIES=10, WORDS=4 };
static struct { uint32_t port, n[POLICIES]; uint32_t v[POLICIES][WORDS]; } pol[1024]; static pthread_mutex_t pol_lock=PTHREAD_MUTEX_INITIALIZER;
static int policy_words(int flavor){ switch(flavor){
	case 1: return 1;     // EXTENDED: timeshare
	case 2: return 4;     // TIME_CONSTRAINT: period, computation, constraint, preemptible, in mach ticks
	case 3: return 1;     // PRECEDENCE: importance
	case 4: return 1;     // AFFINITY: tag
	case 5: return 1;     // BACKGROUND
	case 7: case 8: return 1; } // LATENCY_QOS, THROUGHPUT_QOS
	return 0; }
static int pol_slot(uint32_t port){ unsigned i=(port>>8)&1023; for(int k=0;k<1024;k++,i=(i+1)&1023) if(pol[i].port==port||!thread_of_port(pol[i].port)){ if(pol[i].port!=port){ memset(&pol[i],0,sizeof pol[i]); pol[i].port=port; } return i; } return -1; }
static int s_policy_set(uint32_t port,int flavor,const uint32_t *v,uint32_t n){
	int need=policy_words(flavor); if(!thread_of_port(port)||!need||n<(uint32_t)need) return KERN_INVALID_ARGUMENT;
#ifdef __aarch64__
	if(flavor==4) return KERN_NOT_SUPPORTED;
#endif
	if(flavor==2){ uint64_t c=(uint64_t)v[1]*tb_numer/tb_denom; if(v[2]<v[1]||c<50000||c>50000000) return KERN_INVALID_ARGUMENT; }  // 50 us to 50 ms
	pthread_mutex_lock(&pol_lock); int i=pol_slot(port); if(i>=0){ pol[i].n[flavor]=need; memcpy(pol[i].v[flavor],v,need*4); } pthread_mutex_unlock(&pol_lock);
	return KERN_OK;
}
static int s_policy_get(uint32_t port,int flavor,uint32_t *v,uint32_t *n,int *dflt){
	int need=policy_words(flavor); if(!thread_of_port(port)||!need||*n<(uint32_t)need) return KERN_INVALID_ARGUMENT;
	pthread_mutex_lock(&pol_lock); int i=pol_slot(port); bool set=i>=0&&pol[i].n[flavor]; memset(v,0,need*4);
	if(set&&!*dflt) memcpy(v,pol[i].v[flavor],need*4); *dflt=!set||*dflt; *n=need;
	pthread_mutex_unlock(&pol_lock); return KERN_OK;
}
static int s_port_deallocate(uint32_t task,uint32_t name){ (void)task;(void)name; return KERN_OK; }
static struct dthread *s_from_mach(uint32_t port){ return thread_of_port(port); }

// ---------- QoS overrides ----------
struct override { uint32_t sig; };
static struct override *s_override_start(struct dthread *t,uint32_t q,int rel){ if(!t||(q!=0x21&&q!=0x19&&q!=0x15&&q!=0x11&&q!=9)||rel>0||rel<-15) return NULL; struct override *o=malloc(sizeof *o); if(o) o->sig=0x6f766572; return o; }
static int s_override_end(struct override *o){ if(o->sig!=0x6f766572) return D_EINVAL; o->sig=0; free(o); return 0; }

// ---------- clocks ----------
static uint64_t s_gettime_nsec(int id){ struct timespec t; return s_clock_gettime(id,&t)?0:t.tv_sec*1000000000ull+t.tv_nsec; }
static uint64_t s_continuous(void){ struct timespec t; clock_gettime(CLOCK_BOOTTIME,&t); return (unsigned __int128)(t.tv_sec*1000000000ull+t.tv_nsec)*tb_denom/tb_numer; }
static int s_wait_until(uint64_t ticks){
	uint64_t d=(unsigned __int128)ticks*tb_numer/tb_denom; struct timespec t={d/1000000000,d%1000000000};
	return clock_nanosleep(CLOCK_MONOTONIC,TIMER_ABSTIME,&t,NULL)?KERN_ABORTED:KERN_OK;
}
static int s_cpu_number(size_t *c){ unsigned u=0; if(syscall(SYS_getcpu,&u,NULL,NULL)) return D_ENOTSUP; *c=u; return 0; }
static int s_is_threaded(void){ return 1; }

#define S(n,f,v) {#n,(void*)(f),v}
const struct sym mach_syms[]={
 S(semaphore_create,s_sem_create,0),S(semaphore_destroy,s_sem_destroy,0),S(semaphore_signal,s_sem_signal,0),S(semaphore_signal_all,s_sem_signal_all,0),S(semaphore_signal_thread,s_sem_signal_thread,0),
 S(semaphore_wait,s_sem_wait,0),S(semaphore_timedwait,s_sem_timedwait,0),S(semaphore_wait_signal,s_sem_wait_signal,0),S(semaphore_timedwait_signal,s_sem_timedwait_signal,0),
 S(thread_policy_set,s_policy_set,0),S(thread_policy_get,s_policy_get,0),S(mach_port_deallocate,s_port_deallocate,0),S(pthread_from_mach_thread_np,s_from_mach,0),
 S(pthread_override_qos_class_start_np,s_override_start,1010),S(pthread_override_qos_class_end_np,s_override_end,1010),S(pthread_cpu_number_np,s_cpu_number,1100),S(pthread_is_threaded_np,s_is_threaded,0),
 S(clock_gettime_nsec_np,s_gettime_nsec,1012),S(mach_continuous_time,s_continuous,1012),S(mach_approximate_time,s_mach_absolute_time,1010),S(mach_wait_until,s_wait_until,0),
 {0} };
