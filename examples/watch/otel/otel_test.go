// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/examples/watch/internal/shop"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

func Test(t *testing.T) {
	programtest.Run(t, func(out io.Writer) error { return run(out, 20*time.Millisecond) })
}

func attributes(s trace.ReadOnlySpan) map[attribute.Key]string {
	all := map[attribute.Key]string{}
	for _, a := range s.Attributes() {
		all[a.Key] = a.Value.String()
	}
	return all
}

// TestSpans has a wait that an Unlock ends, and one that its limit ends.
func TestSpans(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	tracers := trace.NewTracerProvider(trace.WithSpanProcessor(recorder))
	const threshold = 10 * time.Millisecond
	before := time.Now()
	stop := Spans(tracers, threshold)
	shop.New("spans").Open(1, 5*threshold)
	var limited locks.Mutex
	watch.Name(&limited, "limited")
	limited.Lock()
	if limited.TryLockFor(5 * threshold) {
		t.Fatal("a Mutex was locked twice")
	}
	stop()
	after := time.Now()

	found := map[string]bool{}
	for _, s := range recorder.Ended() {
		a := attributes(s)
		if s.Parent().IsValid() || s.EndTime().Sub(s.StartTime()) < threshold || s.StartTime().Before(before) || s.EndTime().After(after) {
			t.Errorf("a span from %v to %v, between %v and %v, with parent %v", s.StartTime(), s.EndTime(), before, after, s.Parent())
		}
		switch {
		case a["lock.name"] == "spans" && a["wait.for"] == "read":
			found["spans"] = true
			if a["lock.type"] != "locks.RWMutex" || !strings.Contains(a["waiter.stacktrace"], "shop.(*Shop).Price") ||
				!strings.Contains(a["unlocker.stacktrace"], "shop.(*Shop).Reload") || s.Status().Code != codes.Unset {
				t.Errorf("%v, status %v", a, s.Status())
			}
		case a["lock.name"] == "limited":
			found["limited"] = true
			if a["unlocker.goroutine"] != "" || s.Status().Code != codes.Error {
				t.Errorf("%v, status %v", a, s.Status())
			}
		}
	}
	if len(found) != 2 {
		t.Errorf("there are spans of %v, want spans and limited", found)
	}
}

func TestFigures(t *testing.T) {
	var m locks.Mutex
	name := fmt.Sprint("figures ", time.Now().UnixNano()) // a name of its own for each run of the test
	watch.Name(&m, name)
	m.Lock()
	for range 3 {
		if m.TryLockFor(time.Millisecond) {
			t.Fatal("a Mutex was locked twice")
		}
	}
	start := time.Now()
	reader := metric.NewManualReader(metric.WithProducer(Figures{start}))
	metric.NewMeterProvider(metric.WithReader(reader))
	var got metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	want := attribute.NewSet(attribute.String("lock.name", name), attribute.String("lock.type", "locks.Mutex"))
	found := 0
	for _, scope := range got.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					if p.Attributes != want {
						continue
					}
					found++
					sum := uint64(0)
					for _, n := range p.BucketCounts {
						sum += n
					}
					longest, ok := p.Max.Value()
					if p.Count != 3 || sum != 3 || len(p.BucketCounts) != len(p.Bounds)+1 || p.Sum < 0.003 || !ok || longest < 0.001 || p.Sum < longest ||
						!p.StartTime.Equal(start) {
						t.Errorf("%s: %+v", m.Name, p)
					}
				}
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					if p.Attributes == want {
						found++
						if p.Value != 3 || !data.IsMonotonic {
							t.Errorf("%s: %+v", m.Name, p)
						}
					}
				}
			case metricdata.Gauge[int64]:
				for _, p := range data.DataPoints {
					if p.Attributes == want {
						found++
						if p.Value != 0 {
							t.Errorf("%s: %+v", m.Name, p)
						}
					}
				}
			}
		}
	}
	if found != 3 {
		t.Errorf("%d points have the name of the lock, want 3", found)
	}
}
