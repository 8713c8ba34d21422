// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"bytes"
	"cmp"
	"crypto/rand"
	_ "embed" // for the page
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/internal/observe"
)

// Handler returns a handler for a page that shows which goroutines wait for which locks, and for
// how long:
//
//	http.Handle("/debug/osync/", watch.Handler())
//
// It can be mounted at any path that ends with a slash. It shows names of functions and locks, so protect it as you
// protect /debug/pprof.
//
//	/                     the page, which refreshes itself
//	/?format=text         as text; curl gets that without asking
//	/?format=json         as JSON
//	/?stacks=1            with the stacks of the waiters; see [WaitsWithStacks]
//	/?only=locks          without waits for conditions, such as those of idle workers
//	/?sort=waiters        the lock with the most waiters first, not the one with the oldest
//	/?all=1               all waits of each lock in the JSON, not only the first 100
//	/metrics              what [Figures] returns, for Prometheus
//	/profile/waits        the profile osync.waits, for go tool pprof; with ?debug=1 as text
//	/profile/contention   the profile osync.contention, likewise; see [SetContentionFraction]
//
// The JSON is an object with the fields time, goroutines, waiters, contention_fraction and locks. A lock has type, name,
// address, waiters, oldest_seconds, owner if it is known, waits, and left_out, the number of waits that are not listed. A wait has for,
// age_seconds, goroutine, exclusion, pinned, limited, and stack, a list of lines.
//
// The owners of locks are known only in a build with the tag osync_debug.
func Handler() http.Handler {
	page := sync.OnceValue(newPage)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, page) })
}

func serve(w http.ResponseWriter, r *http.Request, page func() *template.Template) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	path := strings.TrimSuffix(r.URL.Path, "/")
	switch {
	case strings.HasSuffix(path, "/metrics"):
		w.Header().Set("Content-Type", metricsType)
		writeMetrics(w)
	case strings.HasSuffix(path, "/profile/waits"):
		serveProfile(w, r, "waits", writeWaits)
	case strings.HasSuffix(path, "/profile/contention"):
		serveProfile(w, r, "contention", writeContention)
	default:
		serveWaits(w, r, page)
	}
}

func serveProfile(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer, int) error) {
	debug := 0
	if d := r.FormValue("debug"); d != "" && d != "0" {
		debug = 1
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	} else {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=osync.%s.pb.gz", name))
	}
	write(w, debug) // fails only if the client has gone
}

// A pageView is the contents of the page.
type pageView struct {
	Time       time.Time  `json:"time"`
	Goroutines int        `json:"goroutines"`
	Waiters    int        `json:"waiters"`
	Fraction   int        `json:"contention_fraction"`
	Locks      []lockView `json:"locks"`

	// Only for the page.
	Stacks    bool   `json:"-"`
	OnlyLocks bool   `json:"-"`
	ByWaiters bool   `json:"-"`
	All       bool   `json:"-"`
	Nonce     string `json:"-"`
}

// StopFor returns approximately how long the program stops while stacks are taken.
func (v *pageView) StopFor() time.Duration {
	return max(time.Duration(v.Goroutines)*3*time.Microsecond, time.Millisecond).Round(time.Millisecond)
}

// A lockView is a lock that goroutines wait for.
type lockView struct {
	Type    string     `json:"type"`
	Name    string     `json:"name,omitempty"`
	Address string     `json:"address"`
	Waiters int        `json:"waiters"`
	Oldest  float64    `json:"oldest_seconds"`
	Owner   *ownerView `json:"owner,omitempty"`
	Waits   []waitView `json:"waits"`
	LeftOut int        `json:"left_out,omitempty"`

	Groups []*group          `json:"-"` // the one with the oldest wait first
	group  map[string]*group // by the common properties of its waits
}

// A group is a set of waits for a lock that differ only in their goroutines.
type group struct {
	waitView           // the oldest
	N          int     // the number of waits
	Youngest   float64 // age in seconds
	Goroutines []uint64
}

// named is how many goroutines of a group are listed by number.
const named = 8

// add adds a wait, which is younger than those added before.
func (l *lockView) add(v waitView, list bool) {
	l.Waiters++
	if list {
		l.Waits = append(l.Waits, v)
	} else {
		l.LeftOut++
	}
	key := fmt.Sprint(v.For, v.Pinned, v.Limited, v.Stack)
	g := l.group[key]
	if g == nil {
		g = &group{waitView: v}
		l.group[key] = g
		l.Groups = append(l.Groups, g)
	}
	g.N++
	g.Youngest = v.Age
	if g.N <= named {
		g.Goroutines = append(g.Goroutines, v.Goroutine)
	}
}

// An ownerView is the goroutine that holds a lock.
type ownerView struct {
	Goroutine uint64 `json:"goroutine"`
}

// A waitView is a wait for a lock.
type waitView struct {
	For       string   `json:"for"`
	Age       float64  `json:"age_seconds"` // 0 if unknown
	Goroutine uint64   `json:"goroutine"`
	Exclusion bool     `json:"exclusion"`
	Pinned    bool     `json:"pinned"`
	Limited   bool     `json:"limited"`
	Stack     []string `json:"stack,omitempty"`
}

// listed is how many waits of a lock are listed unless all are requested.
const listed = 100

// viewOf returns the contents of the page for the parameters of a request.
func viewOf(r *http.Request) *pageView {
	yes := func(name string) bool { v := r.FormValue(name); return v != "" && v != "0" }
	v := &pageView{
		Time: time.Now(), Goroutines: runtime.NumGoroutine(), Fraction: SetContentionFraction(-1), Locks: []lockView{},
		Stacks: yes("stacks"), OnlyLocks: r.FormValue("only") == "locks", ByWaiters: r.FormValue("sort") == "waiters", All: yes("all"),
	}
	waits := Waits
	if v.Stacks {
		waits = WaitsWithStacks
	}
	place := map[uintptr]int{}
	for _, w := range waits() { // the oldest first
		if v.OnlyLocks && !w.Exclusion {
			continue
		}
		v.Waiters++
		i, known := place[w.Lock.Addr]
		if !known {
			i = len(v.Locks)
			place[w.Lock.Addr] = i
			l := lockView{Type: w.Lock.Type, Name: w.Lock.Name, Address: fmt.Sprintf("%#x", w.Lock.Addr), Oldest: w.age(v.Time).Seconds(), group: map[string]*group{}}
			if observe.OwnerOf != nil {
				if goroutine := observe.OwnerOf(w.Lock.Addr); goroutine != 0 {
					l.Owner = &ownerView{goroutine}
				}
			}
			v.Locks = append(v.Locks, l)
		}
		l := &v.Locks[i]
		l.add(viewOfWait(&w, v.Time), len(l.Waits) < listed || v.All)
	}
	if v.ByWaiters {
		slices.SortStableFunc(v.Locks, func(a, b lockView) int { return cmp.Compare(b.Waiters, a.Waiters) })
	}
	return v
}

func viewOfWait(w *Wait, now time.Time) waitView {
	v := waitView{For: w.For, Age: w.age(now).Seconds(), Goroutine: w.Goroutine, Exclusion: w.Exclusion, Pinned: w.Pinned, Limited: w.Limited}
	for _, f := range w.Stack {
		v.Stack = append(v.Stack, fmt.Sprintf("%s %s:%d", f.Function, f.File, f.Line))
	}
	return v
}

func serveWaits(w http.ResponseWriter, r *http.Request, page func() *template.Template) {
	format := r.FormValue("format")
	if accept := r.Header.Get("Accept"); format == "" && !strings.Contains(accept, "text/html") {
		format = "text"
		if strings.Contains(accept, "application/json") {
			format = "json"
		}
	}
	v := viewOf(r)
	switch format {
	case "json":
		w.Header().Set("Content-Type", "application/json")
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.Encode(v)
	case "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, v.text())
	default:
		v.Nonce = rand.Text()
		var b bytes.Buffer
		if err := page().Execute(&b, v); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; base-uri 'none'; form-action 'none'; connect-src 'self'; style-src 'nonce-"+v.Nonce+"'; script-src 'nonce-"+v.Nonce+"'")
		b.WriteTo(w)
	}
}

// text returns the page as text.
func (v *pageView) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s for %s, in a program with %s\n", v.Time.Format("2006-01-02 15:04:05"),
		count(v.Waiters, "waiter"), count(len(v.Locks), "lock"), count(v.Goroutines, "goroutine"))
	for _, l := range v.Locks {
		fmt.Fprintf(&b, "\n%s: %s, the oldest for %s%s\n", l.Title(), count(l.Waiters, "waiter"), age(l.Oldest), l.held())
		for _, g := range l.Groups {
			fmt.Fprintf(&b, "  %s  %s  for %s%s\n", g.Ages(), g.Waiting(), g.For, g.remark())
			for _, line := range g.Stack {
				fmt.Fprintf(&b, "      %s\n", line)
			}
		}
	}
	if !v.Stacks && len(v.Locks) > 0 {
		b.WriteString("\nstacks=1 adds the stacks of the waiters, and stops the program for a moment.\n")
	}
	return b.String()
}

// Title returns the lock's name with its type and address, as far as they are known.
func (l lockView) Title() string {
	if l.Name == "" {
		return l.Type + " " + l.Address
	}
	return l.Name + " (" + l.Type + " " + l.Address + ")"
}

func (l lockView) held() string {
	if l.Owner == nil {
		return ""
	}
	return fmt.Sprintf("; held by goroutine %d", l.Owner.Goroutine)
}

// Ages returns how long the waits have lasted.
func (g *group) Ages() string {
	if oldest, youngest := age(g.Age), age(g.Youngest); oldest != youngest {
		return oldest + " to " + youngest
	}
	return age(g.Age)
}

// Waiting returns the goroutines or threads that wait, in words.
func (g *group) Waiting() string {
	thing := "goroutine"
	if g.Pinned {
		thing = "pinned goroutine"
	}
	var b strings.Builder
	if g.N > 1 {
		fmt.Fprintf(&b, "%d %ss: ", g.N, thing)
	} else {
		b.WriteString(thing + " ")
	}
	for i, number := range g.Goroutines {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatUint(number, 10))
	}
	if g.N > named {
		b.WriteString(" …")
	}
	return b.String()
}

func (w waitView) remark() string {
	if w.Limited {
		return ", with a limit"
	}
	return ""
}

// count returns a number of things, in words.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprint(n, " ", thing, "s")
}

// age formats seconds as a readable duration, or "?" if it is unknown.
func age(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d <= 0:
		return "?"
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

//go:embed page.html
var pageText string

// newPage returns the template of the page. It is not a variable: with a variable, package html/template would be part
// of each program that imports package watch, even of those without a Handler.
func newPage() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"age": age, "count": count}).Parse(pageText))
}
