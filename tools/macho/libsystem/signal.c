// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Signals: numbers, masks, and the context of the interrupted thread that a handler gets.
#include "macho.h"
#include <signal.h>
#include <ucontext.h>

enum { SIGNALS = 32 }; // macOS has 31
static const uint8_t to_linux[SIGNALS] = {
	0, 1, 2, 3, 4, 5, 6, 0, 8, 9, 7, 11, 31, 13, 14, 15, 23, 19, 20, 18, 17, 21, 22, 29, 24, 25, 26, 27, 28, 0, 10, 12,
};
static int from_linux(int signal) {
	for (int i = 1; i < SIGNALS; i++)
		if (to_linux[i] == signal) return i;
	return 0;
}
static int linux_signal(int signal) { return to_linux[signal & (SIGNALS - 1)]; }

// exit_status converts the status that wait4 returns for a process.
int exit_status(int status) {
	int signal = status & 0x7f;
	if (signal == 0x7f) return signal | from_linux(status >> 8 & 0xff) << 8; // stopped
	return signal ? (status & ~0x7f) | from_linux(signal) : status;
}

static void mask_to_linux(uint32_t mask, sigset_t *set) {
	sigemptyset(set);
	for (int i = 1; i < SIGNALS; i++)
		if (mask >> (i - 1) & 1 && to_linux[i]) sigaddset(set, to_linux[i]);
}
static uint32_t mask_from_linux(const sigset_t *set) {
	uint32_t mask = 0;
	for (int i = 1; i < SIGNALS; i++)
		if (to_linux[i] && sigismember(set, to_linux[i])) mask |= 1u << (i - 1);
	return mask;
}

enum { MAC_ONSTACK = 1, MAC_RESTART = 2, MAC_RESETHAND = 4, MAC_NODEFER = 0x10, MAC_SS_ONSTACK = 1, MAC_SS_DISABLE = 4 };
struct action { uint64_t handler; uint32_t mask; int32_t flags; };
struct signal_info { int32_t number, error, code, pid; uint32_t uid; int32_t status; uint64_t address, value; int64_t band; uint64_t reserved[7]; };
#ifdef __x86_64__
struct registers { uint16_t trap, cpu; uint32_t error; uint64_t fault_address, general[21]; uint8_t floating_point[528]; };
#else
struct registers { uint64_t fault_address; uint32_t syndrome, exception; uint64_t general[33]; uint32_t status, pad; uint64_t vector[64]; uint32_t fp_status, fp_control; };
#endif
struct context { int32_t on_stack; uint32_t mask; uint64_t stack, stack_size; int32_t stack_flags, pad; void *link; uint64_t registers_size; struct registers *registers; };

static struct action actions[SIGNALS];

// copy_registers copies the general registers out of Linux's context or, with back, into it.
static void copy(bool back, uint64_t *mac, void *linux_word) {
	if (back) memcpy(linux_word, mac, 8);
	else memcpy(mac, linux_word, 8);
}
static void copy_registers(bool back, struct registers *r, mcontext_t *m) {
#ifdef __aarch64__
	for (int i = 0; i < 31; i++) copy(back, &r->general[i], &m->regs[i]);
	copy(back, &r->general[31], &m->sp);
	copy(back, &r->general[32], &m->pc);
	if (back) m->pstate = r->status;
	else r->status = m->pstate;
#else
	static const int order[] = {
		REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RDI, REG_RSI, REG_RBP, REG_RSP, REG_R8, REG_R9,
		REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP, REG_EFL,
	};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) copy(back, &r->general[i], &m->gregs[order[i]]);
#endif
}

static void handle(int number, siginfo_t *info, void *argument) {
	ucontext_t *u = argument;
	int mac_number = from_linux(number), saved_errno = errno, saved_error = self ? self->error : 0;
	struct signal_info i = {.number = mac_number, .code = info->si_code, .address = (uint64_t)info->si_addr};
	if (info->si_code <= 0) { // sent by a process
		i.code = info->si_code == SI_TKILL || info->si_code == SI_USER ? 0 : 0x10001;
		i.address = 0;
		i.pid = info->si_pid;
		i.uid = info->si_uid;
	} else if (info->si_code == SI_KERNEL) {
		i.code = 1;
	} else if (number == SIGFPE) {
		static const uint8_t codes[] = {0, 7, 8, 1, 2, 3, 4, 5, 6};
		i.code = (size_t)info->si_code < sizeof codes ? codes[info->si_code] : 0;
	}
	struct registers r = {0};
	copy_registers(false, &r, &u->uc_mcontext);
#ifdef __aarch64__
	r.fault_address = u->uc_mcontext.fault_address;
#else
	r.general[18] = 0x2b; // cs
	r.trap = u->uc_mcontext.gregs[REG_TRAPNO];
	r.error = u->uc_mcontext.gregs[REG_ERR];
	r.fault_address = u->uc_mcontext.gregs[REG_CR2];
#endif
	struct context c = {
		.mask = mask_from_linux(&u->uc_sigmask),
		.stack = (uint64_t)u->uc_stack.ss_sp,
		.stack_size = u->uc_stack.ss_size,
		.stack_flags = u->uc_stack.ss_flags & SS_DISABLE ? MAC_SS_DISABLE : 0,
		.registers_size = sizeof r,
		.registers = &r,
	};
	((void (*)(int, struct signal_info *, struct context *))actions[mac_number].handler)(mac_number, &i, &c);
	copy_registers(true, &r, &u->uc_mcontext);
	for (int s = 1; s < SIGNALS; s++) { // Linux's other signals stay as they are
		if (!to_linux[s]) continue;
		if (c.mask >> (s - 1) & 1) sigaddset(&u->uc_sigmask, to_linux[s]);
		else sigdelset(&u->uc_sigmask, to_linux[s]);
	}
	errno = saved_errno;
	if (self) self->error = saved_error;
}

static long mac_sigaction(int signal, const struct action *new, struct action *old) {
	enum { MAC_SIGKILL = 9, MAC_SIGSTOP = 17 };
	if (signal <= 0 || signal >= SIGNALS || ((signal == MAC_SIGKILL || signal == MAC_SIGSTOP) && new)) return fail(MAC_EINVAL);
	if (old) *old = actions[signal];
	if (!new) return 0;
	actions[signal] = *new;
	if (!to_linux[signal]) return 0;
	struct sigaction a = {0};
	mask_to_linux(new->mask, &a.sa_mask);
	if (new->handler <= 1) { // SIG_DFL and SIG_IGN have the same numbers
		a.sa_handler = (void (*)(int))new->handler;
	} else {
		a.sa_sigaction = handle;
		a.sa_flags = SA_SIGINFO | (new->flags & MAC_ONSTACK ? SA_ONSTACK : 0) | (new->flags & MAC_RESTART ? SA_RESTART : 0) |
			(new->flags & MAC_NODEFER ? SA_NODEFER : 0) | (new->flags & MAC_RESETHAND ? SA_RESETHAND : 0);
	}
	return CALL(sigaction(to_linux[signal], &a, NULL));
}

static long mac_pthread_sigmask(int how, const uint32_t *new, uint32_t *old) {
	static const int hows[] = {0, SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK};
	sigset_t set, before;
	if (new) mask_to_linux(*new, &set);
	int error = pthread_sigmask(hows[how & 3], new ? &set : NULL, &before);
	if (old) *old = mask_from_linux(&before);
	return mac_error(error);
}
#define mac_sigprocmask mac_pthread_sigmask

struct stack { void *address; size_t size; int32_t flags; };
static long mac_sigaltstack(const struct stack *new, struct stack *old) {
	stack_t n, o;
	if (new) n = (stack_t){.ss_sp = new->address, .ss_size = new->size, .ss_flags = new->flags & MAC_SS_DISABLE ? SS_DISABLE : 0};
	int r = CALL(sigaltstack(new ? &n : NULL, &o));
	if (old) *old = (struct stack){o.ss_sp, o.ss_size, (o.ss_flags & SS_DISABLE ? MAC_SS_DISABLE : 0) | (o.ss_flags & SS_ONSTACK ? MAC_SS_ONSTACK : 0)};
	return r;
}

static long mac_kill(int pid, int signal) { return CALL(kill(pid, linux_signal(signal))); }
static long mac_raise(int signal) { return CALL(raise(linux_signal(signal))); }
static long mac_pthread_kill(struct thread *t, int signal) { return mac_error(pthread_kill(t->pthread, linux_signal(signal))); }
static long mac_sigfillset(uint32_t *set) { *set = ~0u; return 0; }
static void mac_abort(void) {
	signal(SIGABRT, SIG_DFL);
	abort();
}

const struct symbol signal_symbols[] = {
	SYMBOL(sigaction), SYMBOL(pthread_sigmask), SYMBOL(sigprocmask), SYMBOL(sigaltstack), SYMBOL(sigfillset),
	SYMBOL(kill), SYMBOL(raise), SYMBOL(pthread_kill), SYMBOL(abort),
	{0},
};
