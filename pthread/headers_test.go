// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/osync-go/osync/pthread"
)

// compilers are those that may be installed, and their target systems.
var compilers = []struct{ command, platform string }{
	{"cc", runtime.GOOS + "/" + runtime.GOARCH},
	{"cc -m32", "linux/386"},
	{"musl-gcc", "linux/amd64"},
	{"aarch64-linux-gnu-gcc", "linux/arm64"},
	{"arm-linux-gnueabihf-gcc", "linux/arm"},
	{"riscv64-linux-gnu-gcc", "linux/riscv64"},
	{"powerpc64le-linux-gnu-gcc", "linux/ppc64le"},
	{"s390x-linux-gnu-gcc", "linux/s390x"},
	{"loongarch64-linux-gnu-gcc", "linux/loong64"},
}

// macros are those that a compiler defines for a system or a processor.
var macros = map[string]string{
	"linux": "__linux__", "darwin": "__APPLE__", "freebsd": "__FreeBSD__", "netbsd": "__NetBSD__",
	"386": "__i386__", "amd64": "__x86_64__", "arm64": "__aarch64__", "arm": "__arm__", "riscv64": "__riscv",
	"ppc64le": "__powerpc64__", "s390x": "__s390x__", "loong64": "__loongarch64",
}

// probe prints each number into the assembly that the compiler writes, so that nothing has to
// run. Macros and enumerators differ between systems, so a second attempt without a missing name
// finds the names that the headers lack.
func probe(platform string, names []string) string {
	var b strings.Builder
	goos, goarch, _ := strings.Cut(platform, "/")
	fmt.Fprintf(&b, "#if !defined(%s) || !defined(%s)\n#error it compiles for another system\n#endif\n", macros[goos], macros[goarch])
	b.WriteString("#define _GNU_SOURCE\n#include <pthread.h>\n#include <sched.h>\n#include <semaphore.h>\n#include <time.h>\n#include <errno.h>\n" +
		"#if __has_include(<threads.h>)\n#include <threads.h>\n#endif\nvoid probe(void) {\n")
	for i, name := range names {
		fmt.Fprintf(&b, "__asm__ volatile(\"\\n#NUMBER %d %%0\" :: \"i\"((long)(%s)));\n", i, name)
	}
	b.WriteString("}\n")
	return b.String()
}

var number = regexp.MustCompile(`(?m)^\s*#NUMBER (\d+) [#$]?(-?\d+)`)

// compile returns the headers' values of the names, without those that the headers lack.
func compile(t *testing.T, command, platform string, names []string) map[string]int64 {
	t.Helper()
	args := strings.Fields(command)
	source := filepath.Join(t.TempDir(), "probe.c")
	run := func(names []string) (string, error) {
		must(t, os.WriteFile(source, []byte(probe(platform, names)), 0o666))
		cmd := exec.Command(args[0], append(args[1:], "-S", "-o", "-", source)...)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return errs.String(), err
		}
		return string(out), nil
	}
	if out, err := run(nil); err != nil {
		t.Skipf("%s cannot compile a program with these headers: %v\n%s", command, err, out)
	}
	all, err := run(names)
	if err != nil { // the messages name what is missing
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			id := strings.TrimSuffix(strings.TrimPrefix(name, "sizeof("), ")")
			id = strings.TrimPrefix(strings.TrimSuffix(id, "_ALIGN"), "__alignof__(")
			return regexp.MustCompile(`\b` + regexp.QuoteMeta(id) + `\b`).MatchString(all)
		})
		if all, err = run(names); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, all)
		}
	}
	numbers := map[string]int64{}
	for _, match := range number.FindAllStringSubmatch(all, -1) {
		i, _ := strconv.Atoi(match[1])
		v, err := strconv.ParseInt(match[2], 10, 64)
		must(t, err)
		numbers[names[i]] = v
	}
	return numbers
}

// header spells one of our names as some header does.
var header = map[string]string{
	"PTHREAD_MUTEX_POLICY_FAIRSHARE": "PTHREAD_MUTEX_POLICY_FAIRSHARE_NP",
	"PTHREAD_MUTEX_POLICY_FIRSTFIT":  "PTHREAD_MUTEX_POLICY_FIRSTFIT_NP",
}

// TestHeaders compares the table with the system's headers, as each compiler reads them.
func TestHeaders(t *testing.T) {
	for _, c := range compilers {
		t.Run(strings.ReplaceAll(c.command, " ", ""), func(t *testing.T) {
			command, _, _ := strings.Cut(c.command, " ")
			if _, err := exec.LookPath(command); err != nil {
				t.Skip(err)
			}
			want := pthread.PlatformOf(c.platform)
			if want["sizeof(pthread_mutex_t)"] == 0 {
				t.Skipf("nothing is said of %s", c.platform)
			}
			names := slices.Sorted(maps.Keys(want))
			ask := map[string]string{}
			for _, name := range names {
				ask[name] = name
				if spelled, ok := header[name]; ok {
					ask[name] = spelled
				}
			}
			types := []string{"pthread_mutex_t", "pthread_cond_t", "pthread_rwlock_t", "pthread_barrier_t", "pthread_spinlock_t", "pthread_once_t", "sem_t", "mtx_t", "cnd_t"}
			attrs := []string{"pthread_mutexattr_t", "pthread_condattr_t", "pthread_rwlockattr_t", "pthread_barrierattr_t"}
			query := slices.Sorted(maps.Values(ask))
			for _, typ := range types {
				query = append(query, "__alignof__("+typ+")")
			}
			for _, typ := range attrs {
				query = append(query, "sizeof("+typ+")")
			}
			got := compile(t, c.command, c.platform, query)
			checked := 0
			for _, name := range names {
				v, ok := got[ask[name]]
				switch {
				case ok && v != want[name]:
					t.Errorf("%s is %d in the headers, %d in the table", name, v, want[name])
				case !ok && want[name] > 0 && !strings.Contains(name, "POLICY") && command != "musl-gcc":
					t.Errorf("%s is %d in the table, and not in the headers", name, want[name])
				case ok:
					checked++
				}
			}
			if checked < 20 {
				t.Errorf("only %d names were compared", checked)
			}
			object, attr, align := pthread.Room(c.platform)
			for _, typ := range types {
				if v := got["__alignof__("+typ+")"]; v > int64(align) {
					t.Errorf("%s wants to be aligned to %d, the table says %d", typ, v, align)
				}
				if v := got["sizeof("+typ+")"]; v > int64(object) {
					t.Errorf("%s has %d bytes, the room is %d", typ, v, object)
				}
			}
			for _, typ := range attrs {
				if v := got["sizeof("+typ+")"]; v > int64(attr) {
					t.Errorf("%s has %d bytes, the room is %d", typ, v, attr)
				}
			}
			t.Logf("%s: %d names are as in the headers", c.platform, checked)
		})
	}
}
