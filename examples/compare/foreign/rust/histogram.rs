// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//! Counts of waits in buckets that are 1/32 of a power of two wide.

pub struct Histogram {
    pub max: u64,
    count: Vec<u64>,
}

impl Histogram {
    pub fn new() -> Histogram {
        Histogram { max: 0, count: vec![0; 60 * 32] }
    }

    pub fn record(&mut self, v: u64) {
        self.count[bucket(v)] += 1;
        self.max = self.max.max(v);
    }

    pub fn add(&mut self, h: &Histogram) {
        for (sum, n) in self.count.iter_mut().zip(&h.count) {
            *sum += n;
        }
        self.max = self.max.max(h.max);
    }

    pub fn quantile(&self, q: f64) -> u64 {
        let total: u64 = self.count.iter().sum();
        let mut seen = 0;
        for (b, n) in self.count.iter().enumerate() {
            seen += n;
            if seen > 0 && seen as f64 >= q * total as f64 {
                return middle(b).min(self.max);
            }
        }
        0
    }
}

fn bucket(v: u64) -> usize {
    if v < 32 {
        return v as usize;
    }
    let shift = 58 - v.leading_zeros();
    (shift * 32) as usize + (v >> shift) as usize
}

fn middle(bucket: usize) -> u64 {
    if bucket < 32 {
        return bucket as u64;
    }
    let shift = bucket / 32 - 1;
    ((bucket as u64 % 32 + 32) << shift) + (1 << shift) / 2
}
