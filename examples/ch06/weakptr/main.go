// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command weakptr shows Go's own weak handles, package weak: a cache that finds a value again as
// long as the program uses it, and does not keep it otherwise.
//
// Beside our Weak: no counts. The collector follows all pointers, cycles included, so copying a
// pointer costs nothing. In return the time at which a value goes is not known. Watch for the two phases: the
// same pointer while it is held, and a new value after it was let go and a collection.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows package weak: a cache that does not keep unused values alive."

func main() { program.Main(about, run) }

// A Cache has values by their keys, each for as long as something else points to it.
type Cache[K comparable, V any] struct {
	load   func(K) *V
	mu     sync.Mutex
	values map[K]weak.Pointer[V] // guarded by mu
	loads  int                   // guarded by mu
}

// NewCache returns an empty cache, which makes values by load.
func NewCache[K comparable, V any](load func(K) *V) *Cache[K, V] {
	return &Cache[K, V]{load: load, values: map[K]weak.Pointer[V]{}}
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) *V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v := c.values[key].Value(); v != nil { // the upgrade: a strong pointer, or nil
		return v
	}
	v := c.load(key)
	c.loads++
	c.values[key] = weak.Make(v)         // the downgrade
	runtime.AddCleanup(v, c.forget, key) // or the map would keep the keys
	return v
}

// forget removes the entry of a value that is gone, unless it has a new one.
func (c *Cache[K, V]) forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values[key].Value() == nil {
		delete(c.values, key)
	}
}

func (c *Cache[K, V]) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.values)
}

type page struct{ text []byte }

func run(out io.Writer) error {
	cache := NewCache(func(name string) *page { return &page{text: []byte("the page " + name)} })

	same := foundAgain(cache)
	fmt.Fprintf(out, "held, and a collection later:  the same page: %t, loaded %d time\n", same, cache.loads)

	for start := time.Now(); cache.size() > 0 && time.Since(start) < 20*time.Second; {
		runtime.GC()
		runtime.Gosched() // the cleanup runs in a goroutine of its own
	}
	left := cache.size()
	again := cache.Get("index")
	fmt.Fprintf(out, "let go, and a collection later: entries left: %d, then loaded again: %d times\n", left, cache.loads)

	if !same || left != 0 || cache.loads != 2 || string(again.text) != "the page index" {
		return errors.New("the cache kept a page too long, or not long enough")
	}
	return nil
}

// foundAgain reports whether the cache still has the page after a collection, while it is held. It
// is a function of its own, not inlined: its variables are gone when it returns.
//
//go:noinline
func foundAgain(cache *Cache[string, page]) bool {
	p := cache.Get("index")
	runtime.GC()
	same := cache.Get("index") == p
	runtime.KeepAlive(p) // here p ends, not earlier
	return same
}
