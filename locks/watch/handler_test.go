// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// stuck is a lock that a leaked goroutine waits for. A global variable can reach it, so the runtime's leak profile does not
// show the goroutine.
var stuck struct {
	shelf locks.Mutex
	idle  *locks.Cond
}

//go:noinline
func leak() {
	stuck.shelf.Lock()
	stuck.shelf.Unlock()
}

// leakOne begins such a wait, and one for a condition. The function that it returns ends them.
func leakOne(t *testing.T) (end func()) {
	watch.Name(&stuck.shelf, "shelf <b>")
	var m locks.Mutex
	stuck.idle = locks.NewCond(&m)
	stuck.shelf.Lock()
	var wg sync.WaitGroup
	wg.Go(leak)
	wg.Go(func() {
		m.Lock()
		stuck.idle.Wait()
		m.Unlock()
	})
	locktest.Eventually(t, "two waiters", func() bool { return len(of(&stuck.shelf)) == 1 && len(of(stuck.idle)) == 1 })
	return func() {
		stuck.shelf.Unlock()
		stuck.idle.Broadcast()
		wg.Wait()
	}
}

func get(t *testing.T, url, accept string) (body string, header http.Header) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	watch.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("%s: %d", url, w.Code)
	}
	return w.Body.String(), w.Header()
}

func TestHandler(t *testing.T) {
	defer leakOne(t)()
	for _, c := range []struct{ url, accept, typ, want, not string }{
		{"/debug/osync/", "text/html,*/*", "text/html; charset=utf-8", `<h2>shelf &lt;b&gt; \(locks.Mutex 0x`, "<b>shelf|leak"},
		{"/debug/osync/?stacks=1", "text/html", "text/html; charset=utf-8", `watch_test\.leak `, "<script"},
		{"/debug/osync/", "*/*", "text/plain; charset=utf-8", `shelf <b> \(locks.Mutex 0x[0-9a-f]+\): 1 waiter, the oldest for .*\n .* goroutine [0-9]+  for lock\n`, "leak"},
		{"/debug/osync/?stacks=1&format=text", "text/html", "text/plain; charset=utf-8", `locks\.\(\*Mutex\)\.Lock .*mutex\.go:\d+\n *github.com/osync-go/osync/locks/watch_test\.leak .*handler_test\.go:\d+\n`, `park|runtime\.`},
		{"/debug/osync/?only=locks", "", "text/plain; charset=utf-8", "1 waiter for 1 lock,", "signal"},
		{"/debug/osync/", "application/json", "application/json", `"name": "shelf \\u003cb\\u003e"`, "Nonce"},
		{"/x/metrics", "", "text/plain; version=0.0.4; charset=utf-8", `osync_waiters\{lock="shelf <b>",type="locks.Mutex"\} 1`, ""},
		{"/x/profile/waits?debug=1", "", "text/plain; charset=utf-8", `(?s)lock="shelf <b>".*watch_test\.leak`, ""},
		{"/x/profile/contention?debug=1", "", "text/plain; charset=utf-8", `contention`, ""},
		{"/x/profile/waits", "", "application/octet-stream", `^.\x{8b}|^\x1f`, ""},
	} {
		body, header := get(t, c.url, c.accept)
		if got := header.Get("Content-Type"); got != c.typ {
			t.Errorf("%s has type %q, want %q", c.url, got, c.typ)
		}
		if !regexp.MustCompile(c.want).MatchString(body) || c.not != "" && regexp.MustCompile(c.not).MatchString(body) {
			t.Errorf("%s is\n%s\nwant %s, and not %s", c.url, body, c.want, c.not)
		}
	}
	w := httptest.NewRecorder()
	watch.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestHandlerMany has more waiters than are listed, and sorts by their number.
func TestHandlerMany(t *testing.T) {
	defer leakOne(t)()
	const n = 150
	var l locks.FairMutex
	l.Lock()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { l.Lock(); l.Unlock() })
	}
	locktest.Eventually(t, "waiters", func() bool { return len(of(&l)) == n })
	var view struct {
		Waiters int
		Locks   []struct {
			Type    string
			Waiters int
			LeftOut int `json:"left_out"`
			Waits   []struct {
				Age float64 `json:"age_seconds"`
			}
		}
	}
	for url, left := range map[string]int{"/?sort=waiters": n - 100, "/?sort=waiters&all=1": 0} {
		body, _ := get(t, url, "application/json")
		if err := json.Unmarshal([]byte(body), &view); err != nil {
			t.Fatal(err)
		}
		first := view.Locks[0]
		if view.Waiters != n+2 || first.Type != "locks.FairMutex" || first.Waiters != n || first.LeftOut != left || len(first.Waits) != n-left || first.Waits[0].Age < 0 {
			t.Errorf("%s is\n%s", url, body)
		}
		view.Locks = nil
	}
	l.Unlock()
	wg.Wait()
}

func TestWaitsProfile(t *testing.T) {
	defer leakOne(t)()
	p := pprof.Lookup("osync.waits")
	if p == nil {
		t.Fatal("there is no profile osync.waits")
	}
	var b strings.Builder
	if err := p.WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "onlyTheHandlerOfPackageWatchHasThisProfile") {
		t.Skip("this build does not set the fields of a pprof.Profile")
	}
	if p.Count() != 2 || !regexp.MustCompile(`(?m)^\d+ 1 @ lock="shelf <b>" type="locks.Mutex" address="0x[0-9a-f]+" for="lock"\n#\t.*Lock\t.*\n#\t.*leak`).MatchString(b.String()) {
		t.Errorf("%d waits:\n%s", p.Count(), &b)
	}
}

func TestWaitsWithStacks(t *testing.T) {
	if waits := watch.WaitsWithStacks(); waits != nil {
		t.Errorf("waits at first: %v", waits)
	}
	defer leakOne(t)()
	found := false
	for _, w := range watch.WaitsWithStacks() {
		s := w.Stack.String()
		found = found || w.Lock.Name == "shelf <b>" && strings.HasPrefix(s, "github.com/osync-go/osync/locks.(*Mutex).Lock (") && strings.Contains(s, "watch_test.leak (")
	}
	if !found {
		t.Error(watch.WaitsWithStacks())
	}
}
