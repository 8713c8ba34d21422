// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/osync-go/osync"

// TestMain lets the go command run its tools through the test binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], coverArg) {
		os.Exit(runTool(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// root is the relative path of the repository.
func root(t *testing.T) string {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// explore runs the command in dir, and returns its output.
func explore(t *testing.T, dir string, args ...string) (status int, out string) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles packages")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	var b bytes.Buffer
	status = run(context.Background(), append([]string{"-C", dir, "-timeout", "5m"}, args...), &b, &b)
	t.Logf("explore %s\n%s", strings.Join(args, " "), &b)
	return status, b.String()
}

// want fails the test if text lacks one of the parts.
func want(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in the output", part)
		}
	}
}

// TestForms runs the tests of a package with all statements that are rewritten. The second time, no
// package has changed for the go command, so it runs no test again.
func TestForms(t *testing.T) {
	const forms = "./explore/internal/rewrite/testdata/forms"
	if status, out := explore(t, root(t), forms); status != 0 {
		t.Error(out)
	}
	status, out := explore(t, root(t), forms)
	if status != 0 {
		t.Error(out)
	}
	want(t, out, "(cached)")
	if status, out := explore(t, root(t), "-vars", forms); status != 0 {
		t.Error(out)
	}
}

// TestSeams runs the tests of a package with seams, which fail without them.
func TestSeams(t *testing.T) {
	status, out := explore(t, root(t), "-v", "./explore/internal/rewrite/testdata/seamed")
	if status != 0 {
		t.Error(out)
	}
	want(t, out, "seams of 17 lines replace clock, clock.read, counter.double", "new are extra", "--- PASS: TestReset")
}

// TestOverlay changes the source with an overlay, in a file that is rewritten and in one that is not: the tests see
// both changes.
func TestOverlay(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/over\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root(t)+"\n")
	write(t, dir, "atomic.go", "package over\n\nimport \"sync/atomic\"\n\nvar a atomic.Int32\n\nfunc first() int32 { return a.Load() }\n")
	write(t, dir, "plain.go", "package over\n\nfunc second() int32 { return 0 }\n")
	write(t, dir, "over_test.go", "package over\n\nimport \"testing\"\n\nfunc TestSum(t *testing.T) {\n\tt.Fatal(\"the sum is\", first()+second())\n}\n")
	write(t, dir, "other.txt", "package over\n\nimport \"sync/atomic\"\n\nvar a atomic.Int32\n\nfunc first() int32 { return a.Add(3) }\n")
	write(t, dir, "plain.txt", "package over\n\nfunc second() int32 { return 4 }\n")
	write(t, dir, "overlay.json", `{"Replace": {"atomic.go": "other.txt", "plain.go": "plain.txt"}}`)
	status, out := explore(t, dir, "-overlay", filepath.Join(dir, "overlay.json"), ".")
	if status == 0 {
		t.Error(out)
	}
	want(t, out, "the sum is 7")
}

// TestVars explores a test with a data race on a plain variable, and one without, in which locks and channels order
// the accesses. The failure names the flags of a replay, and the replay fails, too.
func TestVars(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/vars\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root(t)+"\n")
	write(t, dir, "vars_test.go", `package vars

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/explore"
)

type box struct {
	mu sync.Mutex
	n  int
	l  []int
}

func (b *box) locked() int { b.mu.Lock(); defer b.mu.Unlock(); b.n++; return b.n }

func TestOrdered(t *testing.T) {
	explore.Check(t, func(x *explore.Run) {
		b, c, result := &box{}, make(chan int), 0
		x.Go(func() { result = b.locked(); b.l = []int{1}; c <- 1 })
		x.Go(func() { result = <-c; b.l[0] = b.locked() })
		x.Wait()
		x.Assert(b.n == 2 && result == 1, "two increments, and then 1 arrives")
	})
}

func TestRace(t *testing.T) {
	explore.Check(t, func(x *explore.Run) {
		var b box
		x.Go(func() { b.locked() })
		x.Go(func() { b.n++ })
		x.Wait()
	})
}
`)
	if status, out := explore(t, dir, "."); status != 0 {
		t.Errorf("without -vars: %s", out)
	}
	status, out := explore(t, dir, "-v", "-vars", ".")
	if status == 0 {
		t.Error("no data race")
	}
	want(t, out, "--- PASS: TestOrdered", "--- FAIL: TestRace", "TestRace: data race: ", "vars_test.go:31")
	_, replay, ok := strings.Cut(out, "-run '^TestRace$' -vars -replay '")
	schedule, _, _ := strings.Cut(replay, "'")
	if status, out := explore(t, dir, "-run", "TestRace", "-vars", "-replay", schedule, "."); status == 0 || !ok {
		t.Errorf("the replay finds nothing: %s", out)
	}
}

// TestCoverage looks for the lines of the source in a profile.
func TestCoverage(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "cover.out")
	status, out := explore(t, root(t), "-coverprofile", profile, "./explore/internal/rewrite/testdata/forms")
	content, _ := os.ReadFile(profile)
	if status != 0 || !strings.Contains(string(content), "testdata/forms/forms.go:25.41,25.53 1 1\n") || strings.Contains(string(content), "register") {
		t.Errorf("%s\n%s", out, content)
	}
}

// TestErrors checks the command's error messages.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/broken\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root(t)+"\n")
	write(t, dir, "broken.go", "package broken\n\nvar x int = \"text\"\n")
	write(t, dir, "broken_test.go", "package broken\n")
	if err := os.Mkdir(filepath.Join(dir, "testdata"), 0o777); err != nil {
		t.Fatal(err)
	}
	status, out := explore(t, dir, ".")
	if status == 0 {
		t.Error("status 0 for a package that does not compile")
	}
	want(t, out, "broken.go:3:13: ")
	for pattern, says := range map[string]string{"./nowhere": "nowhere", "./testdata/...": "no packages to test"} {
		status, out = explore(t, dir, pattern)
		if status == 0 {
			t.Error("status 0 without a package")
		}
		want(t, out, says)
	}
	if _, out = explore(t, filepath.Join(dir, "testdata"), "-premptions", "2", "."); !strings.Contains(out, "no package is named before -premptions") {
		t.Error("not said what an unknown flag does")
	}
	write(t, dir, "broken.go", "package broken\n")
	if err := os.Mkdir(filepath.Join(dir, "vendor"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "vendor"), "modules.txt", "# "+module+" v0.0.0 => "+root(t)+"\n## explicit; go 1.26.0\n# "+module+" => "+root(t)+"\n")
	_, out = explore(t, dir, ".")
	want(t, out, "add the flag -mod=mod")
	os.RemoveAll(filepath.Join(dir, "vendor"))
	write(t, dir, "broken_test.go", "package broken\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestFails(t *testing.T) {\n\tt.Error(os.Getenv(\"OSYNC_EXPLORE\"))\n}\n")
	status, out = explore(t, dir, "-steps=7", "-run", "Fails", "-replay", "1 2&3", ".")
	if status != 1 {
		t.Errorf("status %d of a test that fails", status)
	}
	want(t, out, "broken_test.go:9: steps=7 replay=1+2%263 flags=-steps%3D7\n")
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestModuleCache runs the command for a user's module that requires osync from a proxy, alone and in a
// workspace. The packages of osync that it uses are rewritten, too.
func TestModuleCache(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles osync in another folder")
	}
	const version = "v0.9.9"
	goEnv := func(name string) string {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Skip(err)
		}
		return strings.TrimSpace(string(out))
	}
	proxy, dir := t.TempDir(), t.TempDir()
	publish(t, proxy, version)
	cache := filepath.ToSlash(filepath.Join(goEnv("GOMODCACHE"), "cache", "download"))
	for name, value := range map[string]string{
		"GOCACHE": goEnv("GOCACHE"), "GOPROXY": fileURL(filepath.ToSlash(proxy)) + "," + fileURL(cache), "GOFLAGS": "-modcacherw", "GOSUMDB": "off",
		"GONOSUMDB": "*", "GONOPROXY": "", "GOPRIVATE": "", "GOWORK": "", "GOMODCACHE": t.TempDir(), "GO111MODULE": "",
		"XDG_CACHE_HOME": t.TempDir(), "LocalAppData": t.TempDir(), "HOME": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
	write(t, dir, "go.mod", "module example.com/user\n\ngo 1.26.0\n\nrequire "+module+" "+version+"\n")
	write(t, dir, "user_test.go", `package user

import (
	"testing"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/locks"
)

func TestUser(t *testing.T) {
	var m locks.Mutex
	done := make(chan bool)
	go func() { m.Lock(); m.Unlock(); close(done) }()
	m.Lock()
	m.Unlock()
	<-done
	t.Log(hook.Registered())
}
`)
	tidy := exec.Command("go", "mod", "tidy")
	tidy.Dir = dir
	if out, err := tidy.CombinedOutput(); err != nil {
		t.Skipf("go mod tidy: %v\n%s", err, out) // the proxy's file of golang.org/x/sys may be missing
	}
	for range 2 {
		status, out := explore(t, dir, "-v", ".")
		if status != 0 {
			t.Error(out)
		}
		want(t, out, module+"/locks/park "+module+"/locks example.com/user]", "--- PASS: TestUser")
		write(t, dir, "go.work", "go 1.26.0\n\nuse .\n") // for the second time
	}
}

func fileURL(path string) string { return "file:///" + strings.TrimPrefix(path, "/") }

// publish writes the proxy files of a version of osync made from the repository.
func publish(t *testing.T, proxy, version string) {
	dir := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, version+".mod", string(mod))
	write(t, dir, version+".info", fmt.Sprintf("{\"Version\":%q}", version))
	write(t, dir, "list", version+"\n")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err = filepath.WalkDir(root(t), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != root(t) || d.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		ext := filepath.Ext(name)
		if ext != ".go" && ext != ".s" && ext != ".mod" || !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root(t), name)
		if err != nil {
			return err
		}
		w, err := z.Create(module + "@" + version + "/" + filepath.ToSlash(rel))
		if err != nil {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, dir, version+".zip", b.String())
}
