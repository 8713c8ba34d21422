// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command lockfreelist shows a sorted list that many goroutines change at once without a lock: a
// goroutine that is stopped in the middle of a change does not hold up the others.
//
// To unlink a node is not enough, for another may put a new one behind it in that moment. So a node
// is marked as removed first, in the same word as its link to the next: after that its link
// does not change. Go has no spare bits in pointers; a node points to a link, a small value that
// never changes, and a change is a new link. The collector makes two old troubles go away: a
// node is not reused while another goroutine uses it (ABA), and no code has to free it.
//
// After Timothy Harris (A pragmatic implementation of non-blocking linked-lists, 2001) and Maged
// Michael (High performance dynamic lock-free hash tables and list-based sets, 2002). Watch for the
// balance: what is in the list is what was put in less what was taken out, key by key.
package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a lock-free sorted list, and checks its books."

func main() { program.Main(about, run) }

// A List is a set of ints. The zero value is empty.
type List struct{ head node }

type node struct {
	key  int
	link atomic.Pointer[link] // nil is the zero link
}

// A link is where a node points to. It never changes.
type link struct {
	next    *node
	removed bool // the node that has this link is no longer in the list
}

func (n *node) load() (*link, link) {
	p := n.link.Load()
	if p == nil {
		return nil, link{}
	}
	return p, *p
}

// find returns the first node whose key is not less than key, or nil, and the node before it with
// its link. It unlinks the removed nodes that it meets.
func (l *List) find(key int) (before *node, at *link, found *node) {
	for {
		before = &l.head
		p, to := before.load()
		for to.next != nil {
			next, beyond := to.next.load()
			if beyond.removed {
				unlinked := &link{next: beyond.next}
				if !before.link.CompareAndSwap(p, unlinked) {
					break // another goroutine changed the place where we are: from the start
				}
				p, to = unlinked, *unlinked
				continue
			}
			if to.next.key >= key {
				return before, p, to.next
			}
			before, p, to = to.next, next, beyond
		}
		if to.next == nil {
			return before, p, nil
		}
	}
}

// Insert adds key, and reports false if it was there.
func (l *List) Insert(key int) bool {
	for {
		before, at, found := l.find(key)
		if found != nil && found.key == key {
			return false
		}
		n := &node{key: key}
		n.link.Store(&link{next: found})
		if before.link.CompareAndSwap(at, &link{next: n}) { // fails if before was removed, too
			return true
		}
	}
}

// Remove takes key out, and reports false if it was not there.
func (l *List) Remove(key int) bool {
	for {
		_, _, found := l.find(key)
		if found == nil || found.key != key {
			return false
		}
		p, to := found.load()
		if !to.removed && found.link.CompareAndSwap(p, &link{to.next, true}) { // now it is out
			l.find(key) // unlinks it
			return true
		}
	}
}

// Contains reports whether key is there. It writes nothing, and never begins again.
func (l *List) Contains(key int) bool {
	_, to := l.head.load()
	for n := to.next; n != nil; n = to.next {
		_, to = n.load()
		if n.key >= key {
			return n.key == key && !to.removed
		}
	}
	return false
}

func run(out io.Writer) error {
	const goroutines, steps, keys = 8, 4000, 32
	var (
		l                 List
		balance           [keys]atomic.Int32
		inserted, removed atomic.Int32
		wg                sync.WaitGroup
	)
	for range goroutines {
		wg.Go(func() {
			for range steps {
				switch k := rand.IntN(keys); {
				case rand.IntN(2) == 0 && l.Insert(k):
					balance[k].Add(1)
					inserted.Add(1)
				case l.Remove(k):
					balance[k].Add(-1)
					removed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	left := int32(0)
	for k := range keys {
		n, in := balance[k].Load(), l.Contains(k)
		if n != 0 && n != 1 || in != (n == 1) {
			return fmt.Errorf("key %d went in %d times more than out, and its presence is %t", k, n, in)
		}
		left += n
	}
	fmt.Fprintf(out, "%d goroutines at %d keys: %d went in, %d came out, %d are left\n", goroutines, keys, inserted.Load(), removed.Load(), left)
	fmt.Fprintln(out, "and the keys that are left are those of the balance")
	return nil
}
