// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command otel makes OpenTelemetry spans of slow waits for locks, and metrics of all waits for locks with names, and prints them
// as JSON. The part to copy is otel.go.
//
//	go run ./examples/watch/otel
//
// Watch for: each span begins when the wait began, not when it was slow, and its attribute unlocker.stacktrace names
// Reload, which has kept the lock. In the metrics the buckets of lock.wait.duration have all waits, short ones too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/watch/internal/shop"
)

const about = `otel makes OpenTelemetry spans of slow waits for locks, and metrics of all waits for locks with names.

A customer of a shop asks for prices. Three times Reload reads the price list anew, and keeps the lock meanwhile. The
exporters print JSON here; with those for OTLP the same goes to a collector.`

func main() {
	threshold := flag.Duration("threshold", 50*time.Millisecond, "make spans of waits that are at least so long")
	program.Main(about, func(out io.Writer) error { return run(out, *threshold) })
}

func run(out io.Writer, threshold time.Duration) (err error) {
	if threshold <= 0 {
		return errors.New("-threshold must be positive")
	}
	var text strings.Builder // what is exported, to look at
	both := io.MultiWriter(out, &text)
	spans, err := stdouttrace.New(stdouttrace.WithWriter(both), stdouttrace.WithPrettyPrint())
	if err != nil {
		return err
	}
	metrics, err := stdoutmetric.New(stdoutmetric.WithWriter(both))
	if err != nil {
		return err
	}
	tracers := trace.NewTracerProvider(trace.WithSyncer(spans))
	meters := metric.NewMeterProvider(metric.WithReader(
		metric.NewPeriodicReader(metrics, metric.WithInterval(time.Hour), metric.WithProducer(Figures{time.Now()}))))

	reloads := []time.Duration{threshold / 2, 2 * threshold, 4 * threshold}
	fmt.Fprintf(out, "Reload keeps the lock for %v. A wait of %v or longer becomes a span.\n\n", reloads, threshold)
	stop := Spans(tracers, threshold)
	asked := shop.New("prices").Open(1, reloads...)
	stop()
	fmt.Fprintf(out, "\nThe metrics, which are exported as the program ends:\n\n")
	err = errors.Join(tracers.Shutdown(context.Background()), meters.Shutdown(context.Background()))

	fmt.Fprintf(out, "\nThe customer asked for %d prices; unlocker.stacktrace of each span names Reload, for which it had to wait.\n", asked)
	for _, want := range []string{`"wait for a lock"`, "shop.(*Shop).Reload", `"lock.wait.duration"`} {
		if !strings.Contains(text.String(), want) {
			err = errors.Join(err, fmt.Errorf("what was exported does not have %s", want))
		}
	}
	return err
}
