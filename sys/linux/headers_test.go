// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
)

// headerCompilers are compilers that may be installed, and their target processors.
var headerCompilers = map[string]string{
	"amd64": "x86_64-linux-gnu-gcc", "386": "x86_64-linux-gnu-gcc -m32", "arm64": "aarch64-linux-gnu-gcc",
	"arm": "arm-linux-gnueabihf-gcc", "riscv64": "riscv64-linux-gnu-gcc", "ppc64le": "powerpc64le-linux-gnu-gcc",
	"s390x": "s390x-linux-gnu-gcc", "loong64": "loongarch64-linux-gnu-gcc", "mips64le": "mips64el-linux-gnuabi64-gcc",
}

// A header is a number of the kernel's headers, as C spells it, and its value in this package.
type header struct {
	name  string
	value int64
}

// headers returns the constants and layouts of this package. The sizes of structs that newer kernels
// extend are not compared.
func headers() []header {
	var (
		ts     linux.Timespec
		waiter linux.FutexWaiter
		list   linux.RobustList
		head   linux.RobustListHead
		area   linux.RseqArea
	)
	all := []header{
		{"FUTEX_WAIT", linux.FUTEX_WAIT},
		{"FUTEX_WAKE", linux.FUTEX_WAKE},
		{"FUTEX_FD", linux.FUTEX_FD},
		{"FUTEX_REQUEUE", linux.FUTEX_REQUEUE},
		{"FUTEX_CMP_REQUEUE", linux.FUTEX_CMP_REQUEUE},
		{"FUTEX_WAKE_OP", linux.FUTEX_WAKE_OP},
		{"FUTEX_LOCK_PI", linux.FUTEX_LOCK_PI},
		{"FUTEX_UNLOCK_PI", linux.FUTEX_UNLOCK_PI},
		{"FUTEX_TRYLOCK_PI", linux.FUTEX_TRYLOCK_PI},
		{"FUTEX_WAIT_BITSET", linux.FUTEX_WAIT_BITSET},
		{"FUTEX_WAKE_BITSET", linux.FUTEX_WAKE_BITSET},
		{"FUTEX_WAIT_REQUEUE_PI", linux.FUTEX_WAIT_REQUEUE_PI},
		{"FUTEX_CMP_REQUEUE_PI", linux.FUTEX_CMP_REQUEUE_PI},
		{"FUTEX_LOCK_PI2", linux.FUTEX_LOCK_PI2},
		{"FUTEX_PRIVATE_FLAG", linux.FUTEX_PRIVATE_FLAG},
		{"FUTEX_CLOCK_REALTIME", linux.FUTEX_CLOCK_REALTIME},
		{"FUTEX_ROBUST_UNLOCK", linux.FUTEX_ROBUST_UNLOCK},
		{"FUTEX_ROBUST_LIST32", linux.FUTEX_ROBUST_LIST32},
		{"FUTEX_BITSET_MATCH_ANY", linux.FUTEX_BITSET_MATCH_ANY},
		{"FUTEX_WAITERS", linux.FUTEX_WAITERS},
		{"FUTEX_OWNER_DIED", linux.FUTEX_OWNER_DIED},
		{"FUTEX_TID_MASK", linux.FUTEX_TID_MASK},
		{"FUTEX_OP_SET", linux.FUTEX_OP_SET},
		{"FUTEX_OP_ADD", linux.FUTEX_OP_ADD},
		{"FUTEX_OP_OR", linux.FUTEX_OP_OR},
		{"FUTEX_OP_ANDN", linux.FUTEX_OP_ANDN},
		{"FUTEX_OP_XOR", linux.FUTEX_OP_XOR},
		{"FUTEX_OP_CMP_EQ", linux.FUTEX_OP_CMP_EQ},
		{"FUTEX_OP_CMP_NE", linux.FUTEX_OP_CMP_NE},
		{"FUTEX_OP_CMP_LT", linux.FUTEX_OP_CMP_LT},
		{"FUTEX_OP_CMP_LE", linux.FUTEX_OP_CMP_LE},
		{"FUTEX_OP_CMP_GT", linux.FUTEX_OP_CMP_GT},
		{"FUTEX_OP_CMP_GE", linux.FUTEX_OP_CMP_GE},
		{
			"(unsigned)FUTEX_OP(FUTEX_OP_XOR, -2, FUTEX_OP_CMP_GE, -3)",
			int64(linux.FutexOp(linux.FUTEX_OP_XOR, -2, linux.FUTEX_OP_CMP_GE, -3)),
		},
		{"FUTEX2_SIZE_U8", linux.FUTEX2_SIZE_U8},
		{"FUTEX2_SIZE_U16", linux.FUTEX2_SIZE_U16},
		{"FUTEX2_SIZE_U32", linux.FUTEX2_SIZE_U32},
		{"FUTEX2_SIZE_U64", linux.FUTEX2_SIZE_U64},
		{"FUTEX2_NUMA", linux.FUTEX2_NUMA},
		{"FUTEX2_MPOL", linux.FUTEX2_MPOL},
		{"FUTEX2_PRIVATE", linux.FUTEX2_PRIVATE},
		{"FUTEX2_SIZE_MASK", linux.FUTEX2_SIZE_MASK},
		{"(unsigned)FUTEX_NO_NODE", linux.FUTEX_NO_NODE},
		{"FUTEX_WAITV_MAX", linux.FUTEX_WAITV_MAX},
		{"ROBUST_LIST_LIMIT", linux.ROBUST_LIST_LIMIT},
		{"FUTEX_ROBUST_MOD_PI", linux.FUTEX_ROBUST_MOD_PI},
		{"FUTEX_ROBUST_MOD_MASK", linux.FUTEX_ROBUST_MOD_MASK},

		{"MEMBARRIER_CMD_QUERY", linux.MEMBARRIER_CMD_QUERY},
		{"MEMBARRIER_CMD_GLOBAL", linux.MEMBARRIER_CMD_GLOBAL},
		{"MEMBARRIER_CMD_GLOBAL_EXPEDITED", linux.MEMBARRIER_CMD_GLOBAL_EXPEDITED},
		{"MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED", linux.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED},
		{"MEMBARRIER_CMD_PRIVATE_EXPEDITED", linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED},
		{"MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED", linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED},
		{"MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE", linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE},
		{"MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE", linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE},
		{"MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ", linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ},
		{"MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ", linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ},
		{"MEMBARRIER_CMD_GET_REGISTRATIONS", linux.MEMBARRIER_CMD_GET_REGISTRATIONS},
		{"MEMBARRIER_CMD_FLAG_CPU", linux.MEMBARRIER_CMD_FLAG_CPU},
		{"RSEQ_FLAG_UNREGISTER", linux.RSEQ_FLAG_UNREGISTER},
		{"(unsigned)RSEQ_CPU_ID_UNINITIALIZED", linux.RSEQ_CPU_ID_UNINITIALIZED},
		{"(unsigned)RSEQ_CPU_ID_REGISTRATION_FAILED", linux.RSEQ_CPU_ID_REGISTRATION_FAILED},
	}
	for name, v := range map[string]uintptr{
		"sizeof(struct __kernel_timespec)":                          unsafe.Sizeof(ts),
		"__builtin_offsetof(struct __kernel_timespec, tv_nsec)":     unsafe.Offsetof(ts.Nsec),
		"sizeof(struct futex_waitv)":                                unsafe.Sizeof(waiter),
		"__builtin_offsetof(struct futex_waitv, val)":               unsafe.Offsetof(waiter.Val),
		"__builtin_offsetof(struct futex_waitv, flags)":             unsafe.Offsetof(waiter.Flags),
		"sizeof(struct robust_list)":                                unsafe.Sizeof(list),
		"sizeof(struct robust_list_head)":                           unsafe.Sizeof(head),
		"__builtin_offsetof(struct robust_list_head, futex_offset)": unsafe.Offsetof(head.FutexOffset),
		"__builtin_offsetof(struct robust_list_head, list_op_pending)": unsafe.Offsetof(
			head.ListOpPending),
		"__builtin_offsetof(struct rseq, cpu_id_start)": unsafe.Offsetof(area.CPUIDStart),
		"__builtin_offsetof(struct rseq, cpu_id)":       unsafe.Offsetof(area.CPUID),
		"__builtin_offsetof(struct rseq, rseq_cs)":      unsafe.Offsetof(area.CS),
		"__builtin_offsetof(struct rseq, flags)":        unsafe.Offsetof(area.Flags),
		"__builtin_offsetof(struct rseq, node_id)":      unsafe.Offsetof(area.NodeID),
		"__builtin_offsetof(struct rseq, mm_cid)":       unsafe.Offsetof(area.MMCID),
		"__builtin_offsetof(struct sched_attr, sched_nice)": unsafe.Offsetof(
			linux.SchedAttr{}.Nice),
		"__builtin_offsetof(struct sched_attr, sched_runtime)":  unsafe.Offsetof(linux.SchedAttr{}.Runtime),
		"__builtin_offsetof(struct sched_attr, sched_util_max)": unsafe.Offsetof(linux.SchedAttr{}.UtilMax),
		// A mask of CPUs is made of these.
		"sizeof(unsigned long)": unsafe.Sizeof(uintptr(0)),
	} {
		all = append(all, header{name, int64(v)})
	}
	return all
}

// lacking finds the names that a compiler's messages report as unknown.
var lacking = regexp.MustCompile("[‘'`](?:struct )?(\\w+)[’'] (?:undeclared|has no member named [‘'`](\\w+))|" +
	"invalid use of undefined type [‘'`]struct (\\w+)|incomplete type [‘'`]struct (\\w+)|" +
	"implicit declaration of function [‘'`](\\w+)")

// TestHeaders compares the package with the kernel's headers, as a C compiler for this processor
// reads them. It prints the names that they lack, which are those of newer kernels.
func TestHeaders(t *testing.T) {
	command := strings.Fields(headerCompilers[runtime.GOARCH])
	if len(command) == 0 {
		t.Skipf("no compiler is known for %s", runtime.GOARCH)
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip(err)
	}
	// The numbers go into the assembly that the compiler writes, so that nothing has to run.
	compile := func(names []header) (string, string, error) {
		var b strings.Builder
		b.WriteString("#include <linux/futex.h>\n#include <linux/membarrier.h>\n#include <linux/rseq.h>\n" +
			"#include <linux/sched/types.h>\n#include <linux/time_types.h>\nvoid probe(void) {\n")
		for i, h := range names {
			fmt.Fprintf(&b, "__asm__ volatile(\"\\n#NUMBER %d %%0\" :: \"i\"((long long)(%s)));\n", i, h.name)
		}
		b.WriteString("}\n")
		cmd := exec.Command(command[0], append(command[1:], "-Werror=implicit-function-declaration", "-S", "-o", "-", "-xc", "-")...)
		cmd.Stdin = strings.NewReader(b.String())
		var messages strings.Builder
		cmd.Stderr = &messages
		out, err := cmd.Output()
		return string(out), messages.String(), err
	}
	if _, messages, err := compile(nil); err != nil {
		t.Skipf("%q cannot compile these headers: %v\n%s", command, err, messages)
	}
	names := headers()
	out, messages, err := compile(names)
	if err != nil {
		var lacks []string
		unknown := map[string]bool{}
		for _, match := range lacking.FindAllStringSubmatch(messages, -1) {
			for _, name := range match[1:] {
				if name != "" && name != "rseq" {
					unknown[name] = true
				}
			}
		}
		var known []header
		for _, h := range names {
			lack := false
			for _, word := range regexp.MustCompile(`\w+`).FindAllString(h.name, -1) {
				lack = lack || unknown[word]
			}
			if lack {
				lacks = append(lacks, h.name)
			} else {
				known = append(known, h)
			}
		}
		t.Logf("%q: these headers lack %s", command, strings.Join(lacks, ", "))
		names = known
		if out, messages, err = compile(names); err != nil {
			t.Fatalf("%q: %v\n%s", command, err, messages)
		}
	}
	got := map[int]int64{}
	for _, match := range regexp.MustCompile(`(?m)^\s*#NUMBER (\d+) [#$]?(-?\d+)`).FindAllStringSubmatch(out, -1) {
		i, _ := strconv.Atoi(match[1])
		got[i], _ = strconv.ParseInt(match[2], 10, 64)
	}
	for i, h := range names {
		if v, ok := got[i]; !ok || v != h.value {
			t.Errorf("%s is %d in the headers (%t), %d here", h.name, v, ok, h.value)
		}
	}
	if len(names) < 40 {
		t.Errorf("only %d names were compared", len(names))
	}
	t.Logf("%d names are as in the headers", len(names))
}
