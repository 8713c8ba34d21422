// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The loader: maps the program, binds the names that it imports, and jumps to its entry point.
#include "macho.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

int release = 1500;
uint32_t timebase_numerator = 1, timebase_divisor = 1;
char loader[4096];
static bool trace;

// The parts of the Mach-O format that Go's linker writes; see <mach-o/loader.h>.
enum {
	MH_MAGIC_64 = 0xfeedfacf, MH_EXECUTE = 2,
	LC_UNIXTHREAD = 5, LC_SEGMENT_64 = 0x19, LC_DYLD_INFO = 0x22, LC_MAIN = 0x28, LC_DYLD_CHAINED_FIXUPS = 0x34,
	LC_REQ_DYLD = 0x80000000, // may be added to a command
#ifdef __aarch64__
	CPU_TYPE = 0x100000c,
#else
	CPU_TYPE = 0x1000007,
#endif
	PAGE = 4096,
};
struct header { uint32_t magic, cpu, cpu_subtype, file_type, commands, commands_size, flags, reserved; };
struct command { uint32_t type, size; };
struct segment {
	struct command command;
	char name[16];
	uint64_t address, size, file_offset, file_size;
	int32_t max_protection, protection;
	uint32_t sections, flags;
};

static void die(const char *message) {
	fprintf(stderr, "tools/macho: %s\n", message);
	exit(126);
}

static const struct symbol *symbol(const char *name) {
	static const struct symbol *const tables[] = {
		dispatch_symbols, file_symbols, mach_symbols, pthread_symbols, semaphore_symbols, signal_symbols, system_symbols, thread_symbols, ulock_symbols, NULL,
	};
	for (const struct symbol *const *t = tables; *t; t++)
		for (const struct symbol *s = *t; s->name; s++)
			if (!strcmp(s->name, name)) return s;
	return NULL;
}

void *symbol_address(const char *name) {
	const struct symbol *s = symbol(name);
	return s && s->since <= release ? s->address : NULL;
}

static void missing(const char *name) {
	fprintf(stderr, "tools/macho: the program calls %s, which is not provided\n", name);
	abort();
}

// stub makes a function that calls missing(name).
static void *stub(const char *name) {
	static uint8_t *page;
	static size_t used = PAGE;
	void *target = missing;
	if (used == PAGE) {
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED) die("no memory");
		used = 0;
	}
	uint8_t *code = page + used;
	used += 32;
#ifdef __aarch64__ // ldr x0, name; ldr x16, target; br x16; nop
	memcpy(code, (uint32_t[]){0x58000080, 0x580000b0, 0xd61f0200, 0xd503201f}, 16);
	memcpy(code + 16, &name, 8);
	memcpy(code + 24, &target, 8);
	__builtin___clear_cache((char *)code, (char *)code + 32);
#else // mov $name, %rdi; mov $target, %rax; jmp *%rax
	memcpy(code, "\x48\xbf........\x48\xb8........\xff\xe0", 22);
	memcpy(code + 2, &name, 8);
	memcpy(code + 12, &target, 8);
#endif
	return code;
}

static size_t whole_pages(uint64_t size) { return (size + PAGE - 1) & ~(uint64_t)(PAGE - 1); }

static void map(const uint8_t *file, const struct segment *s) {
	void *to = (void *)s->address;
	size_t size = whole_pages(s->size);
	if (mmap(to, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != to) die("a segment's address is taken");
	memcpy(to, file + s->file_offset, s->file_size < s->size ? s->file_size : s->size);
#ifdef __aarch64__
	// Programs read the thread's data by tpidrro_el0, which only the kernel can set. Let them read
	// tpidr_el0: mrs x0, tpidrro_el0 becomes mrs x0, tpidr_el0.
	if (!strcmp(s->name, "__TEXT")) {
		for (uint32_t *code = to, *end = code + size / 4; code < end; code++)
			if (*code == 0xd53bd060) *code = 0xd53bd040;
		__builtin___clear_cache(to, (char *)to + size);
	}
#endif
}

static uint64_t uleb128(const uint8_t **p) {
	uint64_t value = 0;
	for (int shift = 0;; shift += 7) {
		uint8_t b = *(*p)++;
		value |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80) return value;
	}
}

// resolve returns the address for an imported name, which has an underscore before it.
static void *resolve(const char *name) {
	void *address = symbol_address(name + 1);
	if (address) return address;
	if (trace) fprintf(stderr, "tools/macho: %s is not provided\n", name);
	if (symbol(name + 1)) { // on macOS the start fails, too
		fprintf(stderr, "dyld: Symbol not found: %s (macOS %d.%d)\n", name, release / 100, release % 100);
		raise(SIGABRT);
	}
	return stub(name + 1);
}

// bind runs the instructions that determine where the addresses of imported names are written.
static void bind(const uint8_t *p, const uint8_t *end, struct segment *const *segments) {
	const char *name = "";
	uint64_t to = 0;
	while (p < end) {
		uint8_t immediate = *p & 0xf;
		switch (*p++ & 0xf0) {
		case 0x00: case 0x10: case 0x30: case 0x50: break; // done, library and type: there are no others
		case 0x20: case 0x60: uleb128(&p); break;          // library, addend
		case 0x40:                                         // the name
			name = (const char *)p;
			p += strlen(name) + 1;
			break;
		case 0x70: to = segments[immediate]->address + uleb128(&p); break;
		case 0x80: to += uleb128(&p); break;
		case 0x90: // bind, and advance to the next address
			*(void **)to = resolve(name);
			to += 8;
			break;
		case 0xa0: // the same, with an offset
			*(void **)to = resolve(name);
			to += 8 + uleb128(&p);
			break;
		case 0xb0:
			*(void **)to = resolve(name);
			to += 8 + immediate * 8;
			break;
		default: die("an unknown instruction to bind");
		}
	}
}

// load maps the program in file and returns its entry point.
static uint64_t load(const uint8_t *file) {
	const struct header *h = (const void *)file;
	if (h->magic != MH_MAGIC_64 || h->cpu != CPU_TYPE || h->file_type != MH_EXECUTE) die("not a Mach-O program for this processor");
	struct segment *segments[16];
	uint32_t count = 0;
	uint64_t entry = 0, entry_offset = 0, text = 0;
	const uint8_t *names = NULL, *names_end = NULL, *p = file + sizeof *h;
	for (uint32_t i = 0; i < h->commands; i++) {
		const uint32_t *words = (const void *)p;
		switch (words[0] & ~LC_REQ_DYLD) {
		case LC_SEGMENT_64:
			if (count == 16) die("too many segments");
			struct segment *s = segments[count++] = (void *)p;
			if (!strcmp(s->name, "__TEXT")) text = s->address;
			if (s->size && strcmp(s->name, "__PAGEZERO")) map(file, s);
			break;
		case LC_DYLD_INFO:
			names = file + words[4];
			names_end = names + words[5];
			break;
		case LC_UNIXTHREAD: memcpy(&entry, words + 36, sizeof entry); break;
		case LC_MAIN: memcpy(&entry_offset, words + 2, sizeof entry_offset); break;
		case LC_DYLD_CHAINED_FIXUPS: die("chained fixups are not provided for");
		}
		p += words[1];
	}
	// There is nothing to rebase: all segments are where the linker put them.
	bind(names, names_end, segments);
	for (uint32_t i = 0; i < count; i++) {
		struct segment *s = segments[i];
		if (s->size && strcmp(s->name, "__PAGEZERO") && strcmp(s->name, "__DATA_CONST"))
			mprotect((void *)s->address, whole_pages(s->size), s->protection);
	}
	if (entry_offset) entry = text + entry_offset;
	if (!entry) die("no entry point");
	return entry;
}

// enter jumps to the program, for which stack begins with argc, argv, the environment, and
// Apple's strings.
__attribute__((noreturn)) static void enter(uint64_t entry, uint64_t *stack) {
#ifdef __aarch64__ // the entry point is a function main(argc, argv, envp, apple)
	uint64_t *environment = stack + 1 + stack[0] + 1, *apple = environment;
	while (*apple) apple++;
	apple++;
	register uint64_t x0 __asm__("x0") = stack[0];
	register uint64_t *x1 __asm__("x1") = stack + 1, *x2 __asm__("x2") = environment, *x3 __asm__("x3") = apple;
	uint64_t *top = (void *)(((uintptr_t)stack - 256) & ~15ul);
	__asm__ volatile("mov sp, %1\n mov x29, xzr\n mov x30, xzr\n br %0" ::"r"(entry), "r"(top), "r"(x0), "r"(x1), "r"(x2), "r"(x3) : "memory");
#else
	__asm__ volatile("mov %1, %%rsp\n xor %%ebp, %%ebp\n jmp *%0" ::"r"(entry), "r"(stack) : "memory");
#endif
	__builtin_unreachable();
}

int main(int argc, char **argv, char **environment) {
	if (argc < 2) die("usage: loader PROGRAM [ARGUMENT...]");
	if (readlink("/proc/self/exe", loader, sizeof loader - 1) < 0) die("no /proc/self/exe");
	const char *setting;
	int major, minor = 0;
	if ((setting = getenv("OSYNC_MACHO_VERSION")) && sscanf(setting, "%d.%d", &major, &minor) >= 1) release = major * 100 + minor;
	if ((setting = getenv("OSYNC_MACHO_TIMEBASE"))) sscanf(setting, "%u/%u", &timebase_numerator, &timebase_divisor);
	trace = getenv("OSYNC_MACHO_TRACE") != NULL;

	int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 127;
	}
	const uint8_t *file = mmap(NULL, lseek(fd, 0, SEEK_END), PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED) die("cannot map the program");
	close(fd);
	uint64_t entry = load(file);

	struct thread *t = calloc(1, sizeof *t);
	t->pthread = pthread_self();
	t->stack_size = 8 << 20;
	t->stack_high = __builtin_frame_address(0);
	thread_begin(t);

	int variables = 0;
	while (environment[variables]) variables++;
	char *path = realpath(argv[1], NULL), *apple;
	if (asprintf(&apple, "executable_path=%s", path ? path : argv[1]) < 0) die("no memory");
	uint64_t *stack = __builtin_alloca_with_align((argc + variables + 5) * 8, 128), *word = stack;
	*word++ = argc - 1;
	for (int i = 1; i < argc; i++) *word++ = (uint64_t)argv[i];
	*word++ = 0;
	for (int i = 0; i < variables; i++) *word++ = (uint64_t)environment[i];
	*word++ = 0;
	*word++ = (uint64_t)apple;
	*word = 0;
	enter(entry, stack);
}
