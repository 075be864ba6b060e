//! Random numbers for tests, from separate streams.

use chainrule_core::seed::{Purpose, Stream};

pub(crate) fn stream(seed: u64) -> Stream {
    Stream::new(seed, Purpose::Generate, u64::MAX, 0)
}

pub(crate) fn normals(n: usize, seed: u64) -> Vec<f64> {
    let mut stream = stream(seed);
    (0..n).map(|_| stream.normal()).collect()
}
