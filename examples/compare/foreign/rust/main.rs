// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//! The rounds of the peers in Rust, as the harness in C does them.

#[cfg(feature = "parking_lot")]
#[path = "parking_lot.rs"]
mod locks;
#[cfg(not(feature = "parking_lot"))]
#[path = "std.rs"]
mod locks;

mod cpu;
mod histogram;

use histogram::Histogram;
use locks::{lock, read, wait, write, Condvar, Mutex, RwLock, PEER};
use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What to do in a round; the Go package foreign describes the fields.
struct Spec {
    kind: String,
    workers: usize,
    reads: usize,
    inside: u64,
    outside: u64,
    latency: bool,
    time: Duration,
}

fn parse(line: &str) -> Option<Spec> {
    let mut words = line.split_whitespace();
    let kind = words.next()?.to_string();
    let mut number = || words.next()?.parse::<u64>().ok();
    Some(Spec {
        kind,
        workers: number()? as usize,
        reads: number()? as usize,
        inside: number()?,
        outside: number()?,
        latency: number()? != 0,
        time: Duration::from_nanos(number()?),
    })
}

/// A value that shares its cache lines with nothing else.
#[derive(Default)]
#[repr(align(128))]
struct Alone<T>(T);

/// The state of the ping-pong and of the broadcast.
#[derive(Default)]
struct Shared {
    turn: usize, // the worker whose turn it is
    over: bool,
    generation: u64,
    waiting: usize, // workers that wait for the next generation
    last_awake: Option<Instant>,
}

struct Round {
    spec: Spec,
    stop: Alone<AtomicBool>,
    by_mutex: Alone<Mutex<u64>>,
    by_rwlock: Alone<RwLock<u64>>,
    shared: Alone<Mutex<Shared>>,
    cond: Alone<Condvar>,
    all_wait: Alone<Condvar>,
    running: Alone<AtomicU32>,
    end: Alone<std::sync::Mutex<(Instant, u64)>>, // the clock and the processor time as the last worker ended
}

struct Worker {
    number: usize,
    ops: u64,
    x: u64,
    waits: Option<Histogram>, // with latency
}

impl Worker {
    #[inline(always)]
    fn before_wait(&self) -> Option<Instant> {
        self.waits.as_ref().map(|_| Instant::now())
    }

    #[inline(always)]
    fn after_wait(&mut self, before: Option<Instant>) {
        if let (Some(waits), Some(before)) = (&mut self.waits, before) {
            waits.record(before.elapsed().as_nanos() as u64);
        }
    }
}

#[inline(always)]
fn work(mut x: u64, n: u64) -> u64 {
    for _ in 0..n {
        x = opaque(x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    }
    x
}

/// Keeps the compiler from taking several steps of the work at once. Unlike black_box it does not
/// send x through memory.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
#[inline(always)]
fn opaque(mut x: u64) -> u64 {
    unsafe { std::arch::asm!("/* {0} */", inout(reg) x, options(pure, nomem, nostack, preserves_flags)) };
    x
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
use std::hint::black_box as opaque;

impl Round {
    #[inline(always)]
    fn stopped(&self) -> bool {
        self.stop.0.load(Ordering::Relaxed)
    }

    fn mutex(&self, w: &mut Worker) {
        while !self.stopped() {
            let before = w.before_wait();
            let mut x = lock(&self.by_mutex.0);
            w.after_wait(before);
            *x = work(*x, self.spec.inside);
            drop(x);
            w.x = work(w.x, self.spec.outside);
            w.ops += 1;
        }
    }

    fn rwlock(&self, w: &mut Worker) {
        let mut k = 61 * w.number % 100;
        while !self.stopped() {
            let before = w.before_wait();
            if k < self.spec.reads {
                let x = read(&self.by_rwlock.0);
                w.after_wait(before);
                w.x ^= work(*x, self.spec.inside);
            } else {
                let mut x = write(&self.by_rwlock.0);
                w.after_wait(before);
                *x = work(*x, self.spec.inside);
            }
            w.x = work(w.x, self.spec.outside);
            w.ops += 1;
            k = (k + 37) % 100;
        }
    }

    /// A wait goes from a turn to the next one of the worker.
    fn pingpong(&self, w: &mut Worker) {
        let mut before = None;
        let mut over = false;
        while !over {
            let mut s = lock(&self.shared.0);
            while s.turn != w.number {
                s = wait(&self.cond.0, s);
            }
            w.after_wait(before);
            // The first worker to see stop passes the turn on, and the second one ends with it.
            over = s.over || self.stopped();
            s.over = over;
            w.ops += 1;
            before = w.before_wait();
            s.turn = 1 - w.number;
            drop(s);
            self.cond.0.notify_one();
        }
    }

    /// A generation is one broadcast: all workers wait for it, and the last one to have come back
    /// and to wait for the next one tells the main thread.
    fn broadcast_worker(&self, w: &mut Worker) {
        let mut s = lock(&self.shared.0);
        while !s.over {
            let generation = s.generation;
            s.waiting += 1;
            if s.waiting == self.spec.workers {
                s.last_awake = Some(Instant::now());
                self.all_wait.0.notify_one();
            }
            while s.generation == generation {
                s = wait(&self.cond.0, s);
            }
            w.ops += 1;
        }
    }

    /// Wakes the workers until the time is over, and returns the waits, their sum and their number.
    fn broadcast(&self, begin: Instant) -> (Histogram, u64, u64) {
        let mut waits = Histogram::new();
        let (mut sum, mut ops) = (0, 0);
        let mut before = None;
        loop {
            let mut s = lock(&self.shared.0);
            while s.waiting < self.spec.workers {
                s = wait(&self.all_wait.0, s);
            }
            if let (Some(before), Some(last_awake)) = (before, s.last_awake) {
                let nanos = last_awake.duration_since(before).as_nanos() as u64;
                waits.record(nanos);
                sum += nanos;
                ops += 1;
            }
            let at = Instant::now();
            before = Some(at);
            s.waiting = 0;
            s.generation += 1;
            s.over = at.duration_since(begin) >= self.spec.time && ops > 0;
            let over = s.over;
            drop(s);
            self.cond.0.notify_all();
            if over {
                return (waits, sum, ops);
            }
        }
    }

    /// Lets a thread work from when the gate opens.
    fn work_as(&self, number: usize, there: &AtomicU32, gate: &std::sync::RwLock<()>) -> Worker {
        let mut w = Worker { number, ops: 0, x: number as u64, waits: None };
        if self.spec.latency {
            w.waits = Some(Histogram::new());
        }
        there.fetch_add(1, Ordering::SeqCst);
        drop(gate.read());
        match self.spec.kind.as_str() {
            "rwlock" => self.rwlock(&mut w),
            "pingpong" => self.pingpong(&mut w),
            "broadcast" => self.broadcast_worker(&mut w),
            "mutex" | "uncontended" => self.mutex(&mut w),
            kind => panic!("no kind {kind}"),
        }
        if self.running.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            *self.end.0.lock().unwrap() = (Instant::now(), cpu::nanos());
        }
        w
    }
}

/// Does a round and returns the line that says what it has brought.
fn do_round(spec: Spec) -> String {
    let round = Round {
        stop: Alone::default(),
        by_mutex: Alone::default(),
        by_rwlock: Alone::default(),
        shared: Alone::default(),
        cond: Alone::default(),
        all_wait: Alone::default(),
        running: Alone(AtomicU32::new(spec.workers as u32)),
        end: Alone(std::sync::Mutex::new((Instant::now(), 0))),
        spec,
    };
    let there = AtomicU32::new(0);
    let gate = std::sync::RwLock::new(());
    thread::scope(|scope| {
        let closed = gate.write();
        let threads: Vec<_> = (0..round.spec.workers)
            .map(|i| {
                let (round, there, gate) = (&round, &there, &gate);
                scope.spawn(move || round.work_as(i, there, gate))
            })
            .collect();
        while there.load(Ordering::SeqCst) < round.spec.workers as u32 {
            thread::yield_now();
        }

        let (begin_cpu, begin) = (cpu::nanos(), Instant::now());
        drop(closed);
        let woken = if round.spec.kind == "broadcast" {
            Some(round.broadcast(begin))
        } else {
            thread::sleep(round.spec.time);
            round.stop.0.store(true, Ordering::Relaxed);
            None
        };
        let workers: Vec<Worker> = threads.into_iter().map(|t| t.join().unwrap()).collect();

        let (end, end_cpu) = *round.end.0.lock().unwrap();
        let (all, nanos, ops) = woken.unwrap_or_else(|| {
            let mut all = Histogram::new();
            workers.iter().filter_map(|w| w.waits.as_ref()).for_each(|h| all.add(h));
            (all, end.duration_since(begin).as_nanos() as u64, workers.iter().map(|w| w.ops).sum())
        });
        let mut numbers = vec![ops, nanos, end_cpu - begin_cpu];
        numbers.extend([all.quantile(0.5), all.quantile(0.99), all.quantile(0.999), all.max]);
        numbers.extend(workers.iter().map(|w| w.ops));
        opaque(workers.iter().fold(0, |sum, w| sum ^ w.x)); // so that the work is needed
        numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
    })
}

fn main() {
    println!("{}\tuncontended mutex rwlock pingpong broadcast", PEER);
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        let spec = parse(&line).unwrap_or_else(|| panic!("not a spec: {line}"));
        println!("{}", do_round(spec));
        io::stdout().flush().unwrap();
    }
}
