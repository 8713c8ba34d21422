// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/trace"

	"github.com/osync-go/osync/locks/watch"
)

const scope = "github.com/osync-go/osync/locks/watch"

// Spans makes a span of each wait for a lock that has lasted for threshold or longer, with the times of its begin and its
// end. A span has no parent, as a lock does not know for which request a goroutine waits. Waits for something to happen,
// such as those of workers for work, are left out.
//
// stop ends that. It first makes the spans of the waits that have ended before.
func Spans(p trace.TracerProvider, threshold time.Duration) (stop func()) {
	tracer := p.Tracer(scope)
	return watch.OnSlow(threshold, func(w watch.SlowWait) {
		if !w.Ended || !w.Exclusion {
			return
		}
		attributes := append(lockAttributes(w.Lock.Name, w.Lock.Type),
			attribute.String("wait.for", w.For),
			attribute.Int64("waiter.goroutine", int64(w.Goroutine)),
			attribute.String("waiter.stacktrace", w.Stack.String()))
		if w.UnlockedBy.Goroutine != 0 {
			attributes = append(attributes,
				attribute.Int64("unlocker.goroutine", int64(w.UnlockedBy.Goroutine)),
				attribute.String("unlocker.stacktrace", w.UnlockedBy.Stack.String()))
		}
		_, span := tracer.Start(context.Background(), "wait for a lock",
			trace.WithNewRoot(), trace.WithTimestamp(w.Since), trace.WithAttributes(attributes...))
		if w.LimitReached {
			span.SetStatus(codes.Error, "the limit of the wait was reached")
		}
		span.End(trace.WithTimestamp(w.Since.Add(w.Lasted)))
	})
}

func lockAttributes(name, typ string) []attribute.KeyValue {
	return []attribute.KeyValue{attribute.String("lock.name", name), attribute.String("lock.type", typ)}
}

// Figures is a producer for a reader of metrics, as in
//
//	metric.NewPeriodicReader(exporter, metric.WithProducer(Figures{time.Now()}))
//
// It has the figures of [watch.Figures] for each name that was given to a lock with [watch.Name]: a histogram of how long
// waits took, and how many last. osync counts them already, so this costs nothing but the reading. Nothing is
// counted of locks without a name.
type Figures struct {
	Start time.Time // of the program, or when the first name was given
}

// Produce returns the figures of this moment.
func (f Figures) Produce(context.Context) ([]metricdata.ScopeMetrics, error) {
	now := time.Now()
	waits := metricdata.Histogram[float64]{Temporality: metricdata.CumulativeTemporality}
	gaveUp := metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: true}
	var waiting metricdata.Gauge[int64]
	for _, figure := range watch.Figures() {
		attributes := attribute.NewSet(lockAttributes(figure.Name, figure.Type)...)
		h := metricdata.HistogramDataPoint[float64]{
			Attributes: attributes,
			StartTime:  f.Start,
			Time:       now,
			Count:      figure.Waits,
			Sum:        figure.Total.Seconds(),
		}
		for i, b := range figure.Buckets {
			h.BucketCounts = append(h.BucketCounts, b.Waits)
			if i < len(figure.Buckets)-1 { // the last one has no bound
				h.Bounds = append(h.Bounds, b.UpTo.Seconds())
			}
		}
		if figure.Waits > 0 {
			h.Max = metricdata.NewExtrema(figure.Longest.Seconds())
		}
		waits.DataPoints = append(waits.DataPoints, h)
		gaveUp.DataPoints = append(gaveUp.DataPoints,
			metricdata.DataPoint[int64]{Attributes: attributes, StartTime: f.Start, Time: now, Value: int64(figure.GaveUp)})
		waiting.DataPoints = append(waiting.DataPoints,
			metricdata.DataPoint[int64]{Attributes: attributes, Time: now, Value: int64(figure.Waiting)})
	}
	return []metricdata.ScopeMetrics{{
		Scope: instrumentation.Scope{Name: scope},
		Metrics: []metricdata.Metrics{
			{Name: "lock.wait.duration", Unit: "s", Description: "how long waits took that have ended", Data: waits},
			{Name: "lock.wait.gave_up", Unit: "{wait}", Description: "waits whose limit was reached", Data: gaveUp},
			{Name: "lock.waiting", Unit: "{wait}", Description: "waits that last", Data: waiting},
		},
	}}, nil
}
