//! Elementary functions in pure Rust, without branches, so that loops over them become vector instructions.
//!
//! Every operation is an IEEE addition, multiplication, division or fused multiply-add in a fixed order: the result
//! has the same bits on every processor and for every vector width. The platform's own functions differ between
//! systems and cost ten times as much in a loop.
//!
//! | function | method | error (units in the last place) | range |
//! |---|---|--:|---|
//! | `exp` | 2ⁿ·(1 + expm1 r), r = x − n·ln 2 in two parts, Taylor series of expm1 | < 2 | 0 below, ∞ above |
//! | `exp_m1` | 2ⁿ·expm1 r + (2ⁿ − 1), n and r as for exp | < 3 | −1 below, ∞ above |
//! | `tanh` | e/(e + 2) with e = expm1(2·abs x) | < 4 | ±1 at the ends |
//! | `sigmoid` | 1/(1 + exp(−x)) | < 4 | 0 to 1 |
//! | `erf` | −expm1(−x·(1 + P(x))), the polynomial P from `tests/oracle/erf.py` | < 3 | ±1 at the ends |
//! | `ln` | k·ln 2 + 2·atanh((m − 1)/(m + 1)), x = 2ᵏ·m, √½ ≤ m < √2 | < 3 | −∞ at 0, NaN below |
//! | `ln_1p` | ln u · x/(u − 1), u = 1 + x (Kahan) | < 4 | x ≥ 0 is what is used here |
//!
//! NaN goes in and comes out. The errors are measured by the tests below against the crate `libm`.

macro_rules! functions {
    (
        $module:ident, $float:ident, $bits:ident, $int:ident,
        mantissa_bits: $mantissa_bits:literal, exponent_bias: $exponent_bias:literal,
        round: $round:literal, ln2: ($ln2_high:literal, $ln2_low:literal),
        exp_range: ($exp_min:literal, $exp_max:literal), exp_vanishes: $exp_vanishes:literal,
        expm1: [$($expm1:literal),*], atanh: [$($atanh:literal),*], subnormal: $subnormal_exponent:literal,
        erf_max: $erf_max:literal, erf: [$($erf:literal),*]
    ) => {
        #[doc = concat!("The functions for `", stringify!($float), "`.")]
        pub mod $module {
            /// Adding this number rounds to an integer, which then stands in the lowest bits: 1.5 · 2^mantissa_bits.
            const ROUND: $float = $round;
            /// ln 2, its leading bits: n · LN_2_HIGH is exact.
            const LN_2_HIGH: $float = $ln2_high;
            /// ln 2 − LN_2_HIGH
            const LN_2_LOW: $float = $ln2_low;
            /// 1/n! for n from the last term of the series down to 2.
            const EXPM1: &[$float] = &[$(1.0 / $expm1),*];
            /// 1/(2n + 1) from the last term of the series down to n = 1.
            const ATANH: &[$float] = &[$(1.0 / $atanh),*];
            /// −ln(1 − erf x) = x·(1 + P(x)) for 0 ≤ x ≤ erf_max, the highest power first.
            pub(super) const ERF: &[$float] = &[$($erf),*];

            /// Σ cₖ xᵏ by Horner's rule, the highest power first.
            #[inline(always)]
            fn horner(x: $float, coefficients: &[$float]) -> $float {
                let mut sum = 0.0;
                for &coefficient in coefficients {
                    sum = x.mul_add(sum, coefficient);
                }
                sum
            }

            /// Splits x = n · ln 2 + r with |r| ≤ ½ ln 2; gives (n as the low bits of an integer, expm1 r).
            #[inline(always)]
            fn reduce(x: $float) -> ($int, $float) {
                let shifted = x.mul_add(std::$float::consts::LOG2_E, ROUND);
                let n = shifted - ROUND;
                let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, x));
                let exponent = (shifted.to_bits() as $int).wrapping_sub(ROUND.to_bits() as $int);
                (exponent, (r * r).mul_add(horner(r, EXPM1), r))
            }

            /// 2ⁿ for an n in the range of normal numbers.
            #[inline(always)]
            fn power_of_two(n: $int) -> $float {
                $float::from_bits((n.wrapping_add($exponent_bias) as $bits) << $mantissa_bits)
            }

            /// eˣ
            #[inline(always)]
            pub fn exp(x: $float) -> $float {
                let (n, expm1) = reduce(x.clamp($exp_min, $exp_max));
                // In two factors, since 2ⁿ alone may lie outside the normal numbers at either end.
                let half = n >> 1;
                let scale = power_of_two(half);
                scale.mul_add(expm1, scale) * power_of_two(n.wrapping_sub(half))
            }

            /// eˣ − 1, accurate for small x
            #[inline(always)]
            pub fn exp_m1(x: $float) -> $float {
                // Further down the result is −1.
                let (n, expm1) = reduce(x.clamp(-$exp_vanishes, $exp_max));
                let half = n >> 1;
                let (scale, rest) = (power_of_two(half), n.wrapping_sub(half));
                scale.mul_add(expm1, scale - power_of_two(rest.wrapping_neg())) * power_of_two(rest)
            }

            /// tanh x
            #[inline(always)]
            pub fn tanh(x: $float) -> $float {
                let (n, expm1) = reduce((x.abs() * 2.0).clamp(0.0, $exp_vanishes));
                let scale = power_of_two(n);
                let e = scale.mul_add(expm1, scale - 1.0);
                (e / (e + 2.0)).copysign(x)
            }

            /// 1 / (1 + e⁻ˣ)
            #[inline(always)]
            pub fn sigmoid(x: $float) -> $float {
                1.0 / (1.0 + exp(-x))
            }

            /// erf x = 2/√π · ∫ e^(−t²) dt from 0 to x
            #[inline(always)]
            pub fn erf(x: $float) -> $float {
                let size = x.abs().clamp(0.0, $erf_max);
                let (n, expm1) = reduce(-size.mul_add(horner(size, ERF), size));
                let scale = power_of_two(n);
                scale.mul_add(expm1, scale - 1.0).copysign(x)
            }

            /// ln x
            #[inline(always)]
            pub fn ln(x: $float) -> $float {
                let subnormal = x < $float::MIN_POSITIVE;
                let lifted = if subnormal { x * power_of_two($subnormal_exponent) } else { x };
                // Moving the exponent by that of √½ leaves a mantissa between √½ and √2.
                let offset = (1.0 as $float).to_bits().wrapping_sub(std::$float::consts::FRAC_1_SQRT_2.to_bits());
                let moved = lifted.to_bits().wrapping_add(offset);
                let biased = moved >> $mantissa_bits;
                let mantissa = (moved & ((1 << $mantissa_bits) - 1))
                    .wrapping_add(std::$float::consts::FRAC_1_SQRT_2.to_bits());
                let k = $float::from_bits(ROUND.to_bits().wrapping_add(biased)) - ROUND
                    - ($exponent_bias as $float)
                    - if subnormal { $subnormal_exponent as $float } else { 0.0 };
                let m = $float::from_bits(mantissa);
                let f = (m - 1.0) / (m + 1.0);
                let s = f * f;
                let tail = (2.0 * f * s) * horner(s, ATANH);
                let value = k.mul_add(LN_2_HIGH, f.mul_add(2.0, k.mul_add(LN_2_LOW, tail)));
                let value = if x == 0.0 { $float::NEG_INFINITY } else { value };
                let value = if x < 0.0 { $float::NAN } else { value };
                if x < $float::INFINITY { value } else { x }
            }

            /// ln(1 + x)
            #[inline(always)]
            pub fn ln_1p(x: $float) -> $float {
                let u = 1.0 + x;
                let corrected = ln(u) * x / (u - 1.0);
                if u == 1.0 || u == $float::INFINITY { x } else { corrected }
            }
        }
    };
}

functions! {
    single, f32, u32, i32,
    mantissa_bits: 23, exponent_bias: 127, round: 12_582_912.0,
    ln2: (0.693_359_4, -2.121_944_4e-4),
    exp_range: (-105.0, 89.0), exp_vanishes: 20.0,
    expm1: [5040.0, 720.0, 120.0, 24.0, 6.0, 2.0],
    atanh: [13.0, 11.0, 9.0, 7.0, 5.0, 3.0], subnormal: 24,
    erf_max: 4.0,
    erf: [
        -9.256_313e-6, 1.176_426_3e-4, -6.328_444e-4, 1.667_044_6e-3, -1.604_151_2e-4, -1.915_305_3e-2,
        1.027_778_3e-1, 6.366_194e-1, 1.283_791_7e-1
    ]
}

functions! {
    double, f64, u64, i64,
    mantissa_bits: 52, exponent_bias: 1023, round: 6_755_399_441_055_744.0,
    ln2: (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10),
    exp_range: (-746.0, 710.0), exp_vanishes: 44.0,
    expm1: [
        6_227_020_800.0, 479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5040.0, 720.0, 120.0, 24.0, 6.0,
        2.0
    ],
    atanh: [25.0, 23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0], subnormal: 54,
    erf_max: 6.0,
    erf: [
        7.834_932_790_199_188e-16, -3.850_848_451_010_286e-14, 8.846_221_140_087_481e-13,
        -1.261_180_459_738_538_7e-11, 1.248_479_805_063_638_4e-10, -9.082_678_068_562_698e-10,
        4.997_928_205_342_553e-9, -2.096_352_738_182_385_7e-8, 6.573_621_525_241_574e-8,
        -1.417_687_527_257_429_4e-7, 1.371_956_998_875_31e-7, 3.363_430_177_285_006_3e-7,
        -1.741_520_176_298_833_1e-6, 2.835_113_053_124_816_2e-6, 3.407_286_723_170_779_4e-6,
        -2.972_405_909_246_165_6e-5, 6.449_186_693_458_155e-5, 2.587_860_211_162_676_8e-5,
        -5.901_255_523_262_177e-4, 1.696_206_385_640_597_6e-3, -2.091_946_948_298_335e-4, -1.912_844_700_507_126e-2,
        1.027_726_033_017_887_9e-1, 6.366_197_723_675_836e-1, 1.283_791_670_955_125_6e-1
    ]
}

#[cfg(test)]
mod tests {
    use super::{double, single};

    /// The distance in units in the last place of `expected`, which is taken from double precision for `f32`.
    fn ulps32(got: f32, expected: f64) -> f64 {
        let ulp = f64::from(f32::from_bits((expected as f32).abs().to_bits() + 1) - (expected as f32).abs());
        (f64::from(got) - expected).abs() / ulp
    }

    fn ulps64(got: f64, expected: f64) -> f64 {
        (got - expected).abs() / (f64::from_bits(expected.abs().to_bits() + 1) - expected.abs())
    }

    /// Points over a range, dense, with odd distances, and again concentrated around 0.
    fn points(low: f64, high: f64) -> impl Iterator<Item = f64> {
        let n = 40_000;
        let even = (0..=n).map(move |i| low + (high - low) * f64::from(i) / f64::from(n));
        even.flat_map(|x| [x, x * 1e-3, x * 1e-6])
    }

    fn worst64(low: f64, high: f64, ours: fn(f64) -> f64, theirs: fn(f64) -> f64) -> f64 {
        points(low, high).map(|x| ulps64(ours(x), theirs(x))).fold(0.0, f64::max)
    }

    fn worst32(low: f64, high: f64, ours: fn(f32) -> f32, theirs: fn(f64) -> f64) -> f64 {
        let inputs = points(low, high).map(|x| x as f32);
        inputs.map(|x| ulps32(ours(x), theirs(f64::from(x)))).fold(0.0, f64::max)
    }

    #[test]
    fn exp_is_accurate() {
        let (w64, w32) =
            (worst64(-700.0, 709.0, double::exp, libm::exp), worst32(-87.0, 88.7, single::exp, libm::exp));
        assert!(w64 < 2.0 && w32 < 2.0, "{w64} {w32}");
    }

    #[test]
    fn exp_m1_is_accurate() {
        let w64 = worst64(-50.0, 709.0, double::exp_m1, libm::expm1);
        let w64 = w64.max(worst64(-2.0, 2.0, double::exp_m1, libm::expm1));
        let w32 = worst32(-25.0, 88.7, single::exp_m1, libm::expm1);
        let w32 = w32.max(worst32(-2.0, 2.0, single::exp_m1, libm::expm1));
        assert!(w64 < 3.0 && w32 < 3.0, "{w64} {w32}");
    }

    /// The coefficients are those that `tests/oracle/erf.py` fits.
    #[test]
    fn erf_has_its_coefficients() {
        let fitted: serde_json::Value =
            serde_json::from_str(include_str!("../tests/oracle/erf.json")).unwrap();
        let coefficients = |precision: &str| -> Vec<f64> {
            let texts: Vec<String> =
                serde_json::from_value(fitted[precision]["coefficients"].clone()).unwrap();
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let single: Vec<f64> = single::ERF.iter().map(|&x| f64::from(x)).collect();
        assert_eq!(single, coefficients("single"));
        assert_eq!(double::ERF, coefficients("double"));
    }

    #[test]
    fn erf_is_accurate() {
        let w64 = worst64(-6.5, 6.5, double::erf, libm::erf).max(worst64(-1.0, 1.0, double::erf, libm::erf));
        let w32 = worst32(-4.5, 4.5, single::erf, libm::erf).max(worst32(-1.0, 1.0, single::erf, libm::erf));
        assert!(w64 < 3.0 && w32 < 3.0, "{w64} {w32}");
    }

    #[test]
    fn tanh_is_accurate() {
        let (w64, w32) =
            (worst64(-25.0, 25.0, double::tanh, libm::tanh), worst32(-12.0, 12.0, single::tanh, libm::tanh));
        assert!(w64 < 4.0 && w32 < 4.0, "{w64} {w32}");
    }

    #[test]
    fn sigmoid_is_accurate() {
        let exact = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let w64 = worst64(-700.0, 700.0, double::sigmoid, exact);
        let w32 = worst32(-87.0, 80.0, single::sigmoid, exact);
        assert!(w64 < 4.0 && w32 < 4.0, "{w64} {w32}");
    }

    #[test]
    fn ln_is_accurate() {
        let w64 = worst64(1e-9, 1e6, double::ln, libm::log).max(worst64(0.4, 2.5, double::ln, libm::log));
        let w32 = worst32(1e-6, 1e6, single::ln, libm::log).max(worst32(0.4, 2.5, single::ln, libm::log));
        assert!(w64 < 3.0 && w32 < 3.0, "{w64} {w32}");
        let tiny = [f64::MIN_POSITIVE, 5e-324, 1e-310, f64::MAX];
        let worst = tiny.map(|x| ulps64(double::ln(x), libm::log(x)));
        assert!(worst.iter().all(|&ulps| ulps < 3.0), "{worst:?}");
    }

    #[test]
    fn ln_1p_is_accurate() {
        let w64 = worst64(1e-20, 1e3, double::ln_1p, libm::log1p);
        let w32 = worst32(1e-12, 1e3, single::ln_1p, libm::log1p);
        assert!(w64 < 4.0 && w32 < 4.0, "{w64} {w32}");
    }

    #[test]
    fn ends_of_the_ranges() {
        assert_eq!(double::exp(0.0), 1.0);
        assert_eq!((double::exp(1000.0), single::exp(1000.0)), (f64::INFINITY, f32::INFINITY));
        assert_eq!((double::exp(f64::INFINITY), double::exp(f64::NEG_INFINITY)), (f64::INFINITY, 0.0));
        assert_eq!((double::exp(-1000.0), single::exp(-1000.0)), (0.0, 0.0));
        assert_eq!(
            (double::exp_m1(f64::INFINITY), single::exp_m1(f32::INFINITY)),
            (f64::INFINITY, f32::INFINITY)
        );
        assert_eq!((double::exp_m1(f64::NEG_INFINITY), single::exp_m1(f32::NEG_INFINITY)), (-1.0, -1.0));
        assert_eq!((double::exp_m1(-1000.0), single::exp_m1(-1000.0)), (-1.0, -1.0));
        assert_eq!((double::exp_m1(0.0), double::erf(0.0)), (0.0, 0.0));
        assert_eq!((double::erf(6.0), single::erf(4.0)), (1.0, 1.0));
        assert_eq!((double::erf(f64::INFINITY), single::erf(f32::INFINITY)), (1.0, 1.0));
        assert_eq!((double::erf(f64::NEG_INFINITY), single::erf(f32::NEG_INFINITY)), (-1.0, -1.0));
        assert_eq!((double::tanh(1000.0), single::tanh(-1000.0)), (1.0, -1.0));
        assert_eq!((double::tanh(0.0), double::sigmoid(0.0)), (0.0, 0.5));
        assert_eq!((double::sigmoid(1000.0), double::sigmoid(-1000.0)), (1.0, 0.0));
        assert_eq!((double::ln(0.0), single::ln(0.0)), (f64::NEG_INFINITY, f32::NEG_INFINITY));
        assert_eq!((double::ln(f64::INFINITY), double::ln(1.0)), (f64::INFINITY, 0.0));
        assert!(double::ln(-1.0).is_nan() && single::ln(-1.0).is_nan());
        assert_eq!((double::ln_1p(0.0), double::ln_1p(f64::INFINITY)), (0.0, f64::INFINITY));
    }

    #[test]
    fn nan_goes_through() {
        let functions = [
            double::exp,
            double::exp_m1,
            double::tanh,
            double::sigmoid,
            double::erf,
            double::ln,
            double::ln_1p,
        ];
        assert!(functions.iter().all(|function| function(f64::NAN).is_nan()));
        let functions = [
            single::exp,
            single::exp_m1,
            single::tanh,
            single::sigmoid,
            single::erf,
            single::ln,
            single::ln_1p,
        ];
        assert!(functions.iter().all(|function| function(f32::NAN).is_nan()));
    }
}
