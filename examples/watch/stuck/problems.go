// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"sync"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// A problem is something that is wrong with the server.
type problem struct {
	name  string // of its flag
	about string
	start func()
	locks []string // their names; there is a long wait for each of them, some time after the start
	look  string   // what is to be seen
	found string   // what it is

	passes bool // the waits end, and there are others
}

var problems = []problem{
	{
		name:  "slow",
		about: "a request that takes long holds the lock that others need",
		start: slowHolder,
		locks: []string{"prices"}, passes: true,
		look: "The waits for \"prices\" come and go, and none lasts for long. The goroutine to look for is not one that waits: it is\n" +
			"the one that has unlocked.",
		found: "(*server).reload reads a file with the lock held: read it first, then lock, and replace the list.",
	},
	{
		name:  "stuck",
		about: "an early return forgets to unlock, and all later callers wait for ever",
		start: stuck,
		locks: []string{"audit log"},
		look: "The waits for \"audit log\" grow older and more, and no goroutine is in a function that has the lock. The oldest wait says\n" +
			"since when it is wrong.",
		found: "(*auditLog).add returns without Unlock when the record is empty: use defer.",
	},
	{
		name:  "deadlock",
		about: "two goroutines lock the same two locks in opposite order",
		start: deadlock,
		locks: []string{"orders", "stock"},
		look: "One goroutine waits for \"orders\" and one for \"stock\", and each is in a function that has locked the\n" +
			"other one. A program that is built with -tags osync_debug reports this by itself, with both places.",
		found: "sell locks orders, then stock; restock locks stock, then orders: agree on one order.",
	},
}

// slowHolder reloads a price list again and again, while others read it.
func slowHolder() {
	s := new(server)
	watch.Name(&s.mu, "prices")
	go func() {
		for {
			s.reload()
			time.Sleep(100 * time.Millisecond)
		}
	}()
	for range 4 {
		go func() {
			for {
				s.price("apple")
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
}

// A server answers with prices.
type server struct {
	mu     locks.RWMutex
	prices map[string]int
}

func (s *server) price(article string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.prices[article]
}

func (s *server) reload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prices = readPrices()
}

// readPrices stands for a slow file.
func readPrices() map[string]int {
	time.Sleep(time.Second)
	return map[string]int{"apple": 1}
}

// stuck adds records to a log, one of which is empty.
func stuck() {
	l := new(auditLog)
	watch.Name(&l.mu, "audit log")
	l.add("login")
	l.add("")
	for range 3 {
		go l.add("logout")
	}
}

// An auditLog is a list of records.
type auditLog struct {
	mu      locks.Mutex
	records []string
}

func (l *auditLog) add(record string) error {
	l.mu.Lock()
	if record == "" {
		return errors.New("an empty record")
	}
	l.records = append(l.records, record)
	l.mu.Unlock()
	return nil
}

// deadlock sells and buys at the same time.
func deadlock() {
	s := new(store)
	s.both.Add(2)
	watch.Name(&s.orders, "orders")
	watch.Name(&s.stock, "stock")
	go s.sell()
	go s.restock()
}

// A store has two locks.
type store struct {
	orders, stock locks.Mutex
	sold, left    int
	both          sync.WaitGroup
}

// meet waits until both goroutines have their first lock. In a real program that is bad luck, and rare.
func (s *store) meet() {
	s.both.Done()
	s.both.Wait()
}

func (s *store) sell() {
	s.orders.Lock()
	defer s.orders.Unlock()
	s.meet()
	s.stock.Lock()
	defer s.stock.Unlock()
	s.sold++
	s.left--
}

func (s *store) restock() {
	s.stock.Lock()
	defer s.stock.Unlock()
	s.meet()
	s.orders.Lock()
	defer s.orders.Unlock()
	s.left += s.sold
}
