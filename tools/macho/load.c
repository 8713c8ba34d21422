// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "shim.h"
#include <sys/mman.h>
#include <sys/auxv.h>
#include <ucontext.h>

int os_ver = 1500; uint32_t tb_numer = 1, tb_denom = 1; const char *loader_path; static bool trace;

#ifdef __aarch64__
#define CPU 0x100000c
#else
#define CPU 0x1000007
#endif
struct mh { uint32_t magic, cputype, cpusub, filetype, ncmds, sizeofcmds, flags, res; };
struct lc { uint32_t cmd, size; };
struct seg { uint32_t cmd, size; char name[16]; uint64_t vmaddr, vmsize, fileoff, filesize; int32_t maxprot, initprot; uint32_t nsects, flags; };
static uint64_t uleb(const uint8_t **p){ uint64_t v=0; int s=0; uint8_t b; do { b=*(*p)++; v|=(uint64_t)(b&0x7f)<<s; s+=7; } while(b&0x80); return v; }

static const struct sym *const tables[]={sys_syms,lock_syms,mach_syms};
static void list(void){ for (int k=0;k<3;k++) for (const struct sym *s=tables[k]; s->name; s++) printf(s->minver?"%s %d.%d\n":"%s\n",s->name,s->minver/100,s->minver%100); }
static const struct sym *entry(const char *n){
	for (int k=0;k<3;k++) for (const struct sym *s=tables[k]; s->name; s++) if (!strcmp(s->name,n)) return s;
	return NULL;
}
void *lookup(const char *n){
	const struct sym *s=entry(n); return s&&s->minver<=os_ver ? s->fn : NULL;
}
static void missing(const char *n){ fprintf(stderr,"machorun: call of unimplemented libSystem symbol %s\n",n); abort(); }
static void *mkstub(const char *n){ // call missing(n)
	static uint8_t *pg; static size_t off=4096;
	if (off+32>4096){ pg=mmap(0,4096,7,MAP_PRIVATE|MAP_ANONYMOUS,-1,0); off=0; }
	uint8_t *c=pg+off; off+=32; void *f=missing;
#ifdef __aarch64__ // ldr x0,#12; ldr x16,#16; br x16; nop; .quad n, f
	uint32_t *w=(void*)c; w[0]=0x58000080; w[1]=0x580000b0; w[2]=0xd61f0200; w[3]=0xd503201f; memcpy(c+16,&n,8); memcpy(c+24,&f,8); __builtin___clear_cache((char*)c,(char*)c+32); return c;
#endif
	c[0]=0x48;c[1]=0xbf;memcpy(c+2,&n,8);c[10]=0x48;c[11]=0xb8;memcpy(c+12,&f,8);c[20]=0xff;c[21]=0xe0; return c;
}
static void die(const char *m){ fprintf(stderr,"machorun: %s\n",m); exit(126); }

__attribute__((noreturn)) static void enter(uint64_t rip, uint64_t *sp){
#ifdef __aarch64__ // LC_MAIN: main(argc, argv, envp, apple)
	uint64_t *ev=sp+1+sp[0]+1,*ap=ev; while(*ap) ap++; ap++;
	register uint64_t x0 __asm__("x0")=sp[0]; register uint64_t *x1 __asm__("x1")=sp+1,*x2 __asm__("x2")=ev,*x3 __asm__("x3")=ap;
	uint64_t *s=(void*)(((uintptr_t)sp-256)&~15ul);
	__asm__ volatile("mov sp,%1\n mov x29,xzr\n mov x30,xzr\n br %0"::"r"(rip),"r"(s),"r"(x0),"r"(x1),"r"(x2),"r"(x3):"memory"); __builtin_unreachable();
#else
	__asm__ volatile("mov %1,%%rsp\n xor %%ebp,%%ebp\n jmp *%0"::"r"(rip),"r"(sp):"memory"); __builtin_unreachable();
#endif
}
int main(int argc, char **argv, char **envp){
	if (argc<2) die("usage: machorun prog [args] | machorun -list");
	if (!strcmp(argv[1],"-list")){ list(); return 0; }
	static char self[4096]; ssize_t n=readlink("/proc/self/exe",self,sizeof self-1); if(n>0) loader_path=self;
	char *e; if((e=getenv("OSYNC_MACHO_VERSION"))){ int a=0,b=0; sscanf(e,"%d.%d",&a,&b); os_ver=a*100+b; }
	if((e=getenv("OSYNC_MACHO_TIMEBASE"))) sscanf(e,"%u/%u",&tb_numer,&tb_denom);
	trace=getenv("OSYNC_MACHO_TRACE")!=NULL;
	int fd=open(argv[1],O_RDONLY|O_CLOEXEC); if(fd<0){ perror(argv[1]); return 127; }
	off_t len=lseek(fd,0,SEEK_END); uint8_t *f=mmap(0,len,PROT_READ,MAP_PRIVATE,fd,0); if(f==MAP_FAILED) die("mmap file");
	struct mh *h=(void*)f; if(h->magic!=0xfeedfacf||h->cputype!=CPU||h->filetype!=2) die("not a Mach-O executable for this loader's CPU");
	struct seg *segs[16]; int ns=0; uint64_t rip=0,entryoff=0,text=0; const uint8_t *bind=0,*bend=0;
	uint8_t *p=f+sizeof *h;
	for(uint32_t i=0;i<h->ncmds;i++){ struct lc *c=(void*)p;
		switch(c->cmd){
		case 0x19:{ struct seg *s=(void*)p; segs[ns++]=s; if(!s->vmsize||!strcmp(s->name,"__PAGEZERO")) break;
			void *a=(void*)s->vmaddr; size_t sz=(s->vmsize+4095)&~4095ul;
			if(mmap(a,sz,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE,-1,0)!=a) die("segment address taken");
			memcpy(a,f+s->fileoff,s->filesize<s->vmsize?s->filesize:s->vmsize);
#ifdef __aarch64__ // TLS base: mrs x0,tpidrro_el0 -> mrs x0,tpidr_el0 (user code cannot set the former on Linux)
			if(!strcmp(s->name,"__TEXT")){ for(uint32_t *q=a,*z=q+sz/4;q<z;q++) if(*q==0xd53bd060) *q=0xd53bd040; __builtin___clear_cache(a,(char*)a+sz); }
#endif
			break; }
		case 0x80000022: case 0x22:{ uint32_t *w=(void*)p; bind=f+w[4]; bend=bind+w[5]; break; }
		case 5: rip=*(uint64_t*)(p+16+16*8); break;         // LC_UNIXTHREAD
		case 0x80000028: rip=(uint64_t)-1; entryoff=*(uint64_t*)(p+8); break; // LC_MAIN
		case 0x80000034: die("chained fixups not handled"); }
		p+=c->size; }
	// no rebase: segments lie at their preferred addresses
	uint64_t addr=0; const char *name=0;
	for(const uint8_t *q=bind;q<bend;){ uint8_t op=*q&0xf0, imm=*q&15; q++;
		switch(op){
		case 0: break; case 0x10: break; case 0x20: uleb(&q); break; case 0x30: break;
		case 0x40: name=(char*)q; q+=strlen(name)+1; break; case 0x50: break; case 0x60: uleb(&q); break;
		case 0x70: addr=segs[imm]->vmaddr+uleb(&q); break; case 0x80: addr+=uleb(&q); break;
		case 0x90: case 0xa0: case 0xb0:{ void *v=lookup(name+1);
			if(!v){ if(trace) fprintf(stderr,"machorun: unbound %s\n",name);
				if(entry(name+1)){ fprintf(stderr,"dyld: Symbol not found: %s (os_ver %d)\n",name,os_ver); raise(SIGABRT);} // as dyld: launch fails
				v=mkstub(strdup(name)); }
			*(void**)addr=v; addr+=8; if(op==0xa0) addr+=uleb(&q); if(op==0xb0) addr+=imm*8; break; }
		default: die("bind opcode"); } }
	for(int i=0;i<ns;i++) if(segs[i]->vmsize&&strcmp(segs[i]->name,"__PAGEZERO")&&strcmp(segs[i]->name,"__DATA_CONST")){ int pr=segs[i]->initprot;
		mprotect((void*)segs[i]->vmaddr,(segs[i]->vmsize+4095)&~4095ul,pr&7); }
	for(int i=0;i<ns;i++) if(!strcmp(segs[i]->name,"__TEXT")) text=segs[i]->vmaddr;
	if(rip==(uint64_t)-1) rip=text+entryoff;
	if(!rip) die("no entry");
	struct dthread *t=calloc(1,sizeof *t); t->lp=pthread_self(); t->stack_size=8<<20; t->stack_hi=__builtin_frame_address(0); thread_attach(t);
	close(fd);
	// stack: argc argv.. 0 envp.. 0 apple.. 0
	int ne=0; while(envp[ne]) ne++;
	size_t words=1+argc+ne+8; uint64_t *sp=__builtin_alloca(words*8+64); sp=(void*)(((uintptr_t)sp+15)&~15ul);
	char *rp=realpath(argv[1],0); char *ap=0; if(asprintf(&ap,"executable_path=%s",rp?rp:argv[1])<0) die("asprintf");
	uint64_t *w=sp; *w++=argc-1; for(int i=1;i<argc;i++) *w++=(uint64_t)argv[i]; *w++=0;
	for(int i=0;i<ne;i++) *w++=(uint64_t)envp[i]; *w++=0; *w++=(uint64_t)ap; *w++=0;
	enter(rip,sp);
}
