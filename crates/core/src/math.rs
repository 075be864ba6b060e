//! Elementary functions in pure Rust, without branches, so that loops over them compile to vector instructions.
//!
//! Every operation is an IEEE addition, multiplication, division or fused multiply-add in a fixed order. The result
//! therefore has the same bits on every processor and for every vector width. The platform's functions differ between
//! systems and cost ten times as much in a loop.
//!
//! | function | method | error (units in the last place) | range |
//! |---|---|--:|---|
//! | `exp` | 2ⁿ·(1 + expm1 r), r = x − n·ln 2 in two parts, Taylor series of expm1 | < 2 | 0 below, ∞ above |
//! | `exp_m1` | 2ⁿ·expm1 r + (2ⁿ − 1), n and r as for exp | < 3 | −1 below, ∞ above |
//! | `tanh` | e/(e + 2) with e = expm1(2·abs x) | < 4 | ±1 at the ends |
//! | `sigmoid` | s = e/(1 + e) with e = exp(−abs x) for x < 0, 1 − s elsewhere | < 4 | 0 to 1 |
//! | `normal` | density p = exp(−½x²)/√(2π); tail p·√(2π)·P(q)/(1 + t) with t = abs x, q = (t − c)/(t + c), c and P from `tests/oracle/normal.py` | < 5 | 0 to 1 |
//! | `ln` | k·ln 2 + 2·atanh((m − 1)/(m + 1)), x = 2ᵏ·m, √½ ≤ m < √2 | < 3 | −∞ at 0, NaN below |
//! | `ln_1p` | ln u · x/(u − 1), u = 1 + x (Kahan) | < 4 | −∞ at −1, NaN below |
//!
//! Errors are relative, for every result that is a normal number, however small. NaN gives NaN. The tests below measure
//! the errors against the crate `libm`; `tests/engine/precise.rs` uses a table in arbitrary precision.

macro_rules! functions {
    (
        $module:ident, $float:ident, $bits:ident, $int:ident,
        mantissa_bits: $mantissa_bits:literal, exponent_bias: $exponent_bias:literal,
        round: $round:literal, ln2: ($ln2_high:literal, $ln2_low:literal),
        exp_range: ($exp_min:literal, $exp_max:literal), exp_vanishes: $exp_vanishes:literal,
        expm1: [$($expm1:literal),*], atanh: [$($atanh:literal),*], subnormal: $subnormal_exponent:literal,
        normal_max: $normal_max:literal, normal_centre: $normal_centre:literal, normal: [$($normal:literal),*]
    ) => {
        #[doc = concat!("The functions for `", stringify!($float), "`.")]
        pub mod $module {
            /// Adding this number rounds to an integer, which is then in the lowest bits: 1.5 · 2^mantissa_bits.
            const ROUND: $float = $round;
            /// ln 2, its leading bits: n · LN_2_HIGH is exact.
            const LN_2_HIGH: $float = $ln2_high;
            /// ln 2 − LN_2_HIGH
            const LN_2_LOW: $float = $ln2_low;
            /// 1/n! for n from the last term of the series down to 2.
            const EXPM1: &[$float] = &[$(1.0 / $expm1),*];
            /// 1/(2n + 1) from the last term of the series down to n = 1.
            const ATANH: &[$float] = &[$(1.0 / $atanh),*];
            /// P of the tail of the normal distribution, the highest power first.
            pub(super) const NORMAL: &[$float] = &[$($normal),*];
            /// The t at which q is 0.
            pub(super) const NORMAL_CENTRE: $float = $normal_centre;
            /// 1/√(2π)
            const PEAK: $float = 0.398_942_280_401_432_7_f64 as $float;

            /// Σ cₖ xᵏ by Horner's rule, the highest power first.
            #[inline(always)]
            fn horner(x: $float, coefficients: &[$float]) -> $float {
                let mut sum = 0.0;
                for &coefficient in coefficients {
                    sum = x.mul_add(sum, coefficient);
                }
                sum
            }

            /// Splits x = n · ln 2 + r with |r| ≤ ½ ln 2; returns (n as the low bits of an integer, expm1 r).
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
                // In two factors, because 2ⁿ alone may be outside the normal numbers at either end.
                let half = n >> 1;
                let scale = power_of_two(half);
                scale.mul_add(expm1, scale) * power_of_two(n.wrapping_sub(half))
            }

            /// eˣ − 1, accurate for small x
            #[inline(always)]
            pub fn exp_m1(x: $float) -> $float {
                // For smaller x the result is −1.
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

            /// 1 / (1 + e⁻ˣ), and so 1 − sigmoid x = sigmoid(−x) to full relative accuracy
            #[inline(always)]
            pub fn sigmoid(x: $float) -> $float {
                let e = exp(-x.abs());
                let tail = e / (1.0 + e);
                if x < 0.0 { tail } else { 1.0 - tail }
            }

            /// Distribution function and density of the standard normal distribution: ½·erfc(−x/√2) and
            /// e^(−x²/2)/√(2π)
            #[inline(always)]
            pub fn normal(x: $float) -> ($float, $float) {
                // Beyond this the tail is 0.
                let t = x.abs().clamp(0.0, $normal_max);
                let square = t * t;
                let power = exp(-0.5 * square);
                // The rounding error of t² would cause a relative error of the same size in the power.
                let power = (-0.5 * t.mul_add(t, -square)).mul_add(power, power);
                let q = (t - NORMAL_CENTRE) / (t + NORMAL_CENTRE);
                let tail = power * horner(q, NORMAL) / (1.0 + t);
                (if x < 0.0 { tail } else { 1.0 - tail }, PEAK * power)
            }

            /// ln x
            #[inline(always)]
            pub fn ln(x: $float) -> $float {
                let subnormal = x < $float::MIN_POSITIVE;
                let lifted = if subnormal { x * power_of_two($subnormal_exponent) } else { x };
                // Subtracting the exponent of √½ leaves a mantissa between √½ and √2.
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
    normal_max: 15.0, normal_centre: 4.0,
    normal: [
        -7.437_455e-5, -6.673_718_6e-5, 6.908_448_4e-4, -2.999_187_6e-4, -5.002_141e-3, 1.793_945e-2,
        -3.219_781_4e-2, 2.860_003_3e-2, 1.399_963_6e-2, -9.670_347e-2, 4.720_532e-1
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
    normal_max: 40.0, normal_centre: 6.0,
    normal: [
        1.569_592_163_458_402_5e-9, 2.942_639_075_279_788_7e-9, -1.563_986_494_274_664_4e-8,
        -2.002_789_327_827_084_5e-8, 1.323_679_015_893_816_7e-7, -4.291_365_826_966_141_7e-10,
        -9.995_898_526_491_916e-7, 1.783_811_602_295_812_4e-6, 4.412_404_543_912_898e-6,
        -2.635_339_357_240_907_2e-5, 3.779_490_167_737_176e-5, 1.194_896_557_171_795_9e-4,
        -8.689_946_656_167_478e-4, 2.935_655_517_914_616_7e-3, -7.059_819_421_068_707e-3,
        1.324_686_415_401_213_5e-2, -1.976_647_921_997_029e-2, 2.259_246_706_278_301_6e-2,
        -1.614_151_733_219_736_8e-2, -4.373_386_779_593_226e-3, 3.981_142_456_242_982e-2,
        -8.502_536_230_577_072e-2, 4.534_552_002_711_279_6e-1
    ]
}

#[cfg(test)]
mod tests {
    use super::{double, single};

    /// The distance in units in the last place of `expected`, which is computed in double precision for `f32`.
    fn ulps32(got: f32, expected: f64) -> f64 {
        let ulp = f64::from(f32::from_bits((expected as f32).abs().to_bits() + 1) - (expected as f32).abs());
        (f64::from(got) - expected).abs() / ulp
    }

    fn ulps64(got: f64, expected: f64) -> f64 {
        (got - expected).abs() / (f64::from_bits(expected.abs().to_bits() + 1) - expected.abs())
    }

    /// Points over a range, dense and irregularly spaced, with more of them around 0.
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

    /// The coefficients are the ones that `tests/oracle/normal.py` fits.
    #[test]
    fn normal_has_its_coefficients() {
        let fitted: serde_json::Value =
            serde_json::from_str(include_str!("../tests/oracle/normal.json")).unwrap();
        let of = |precision: &str| -> (f64, Vec<f64>) {
            let texts: Vec<String> =
                serde_json::from_value(fitted[precision]["coefficients"].clone()).unwrap();
            let coefficients = texts.iter().map(|text| text.parse().unwrap()).collect();
            (fitted[precision]["centre"].as_f64().unwrap(), coefficients)
        };
        let coefficients: Vec<f64> = single::NORMAL.iter().map(|&x| f64::from(x)).collect();
        assert_eq!((f64::from(single::NORMAL_CENTRE), coefficients), of("single"));
        assert_eq!((double::NORMAL_CENTRE, double::NORMAL.to_vec()), of("double"));
    }

    /// Tails need arguments in more than double precision: `tests/engine/precise.rs` tests them.
    #[test]
    fn normal_is_accurate() {
        let exact = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
        let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        let w64 = worst64(-1.0, 8.0, |x| double::normal(x).0, exact);
        let w64 = w64.max(worst64(-2.0, 2.0, |x| double::normal(x).1, density));
        let w32 = worst32(-12.5, 13.0, |x| single::normal(x).0, exact);
        let w32 = w32.max(worst32(-12.5, 12.5, |x| single::normal(x).1, density));
        assert!(w64 < 5.0 && w32 < 5.0, "{w64} {w32}");
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
        let w64 = w64.max(worst64(-0.999, -1e-20, double::ln_1p, libm::log1p));
        let w32 = worst32(1e-12, 1e3, single::ln_1p, libm::log1p);
        let w32 = w32.max(worst32(-0.999, -1e-12, single::ln_1p, libm::log1p));
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
        assert_eq!((double::exp_m1(0.0), double::normal(0.0).0), (0.0, 0.5));
        assert_eq!((double::normal(f64::INFINITY), single::normal(f32::INFINITY)), ((1.0, 0.0), (1.0, 0.0)));
        assert_eq!((double::normal(f64::NEG_INFINITY).0, single::normal(-100.0).0), (0.0, 0.0));
        assert_eq!((double::tanh(1000.0), single::tanh(-1000.0)), (1.0, -1.0));
        assert_eq!((double::tanh(0.0), double::sigmoid(0.0)), (0.0, 0.5));
        assert_eq!((double::sigmoid(1000.0), double::sigmoid(-1000.0)), (1.0, 0.0));
        assert_eq!((double::ln(0.0), single::ln(0.0)), (f64::NEG_INFINITY, f32::NEG_INFINITY));
        assert_eq!((double::ln(f64::INFINITY), double::ln(1.0)), (f64::INFINITY, 0.0));
        assert!(double::ln(-1.0).is_nan() && single::ln(-1.0).is_nan());
        assert_eq!((double::ln_1p(0.0), double::ln_1p(f64::INFINITY)), (0.0, f64::INFINITY));
        assert!(double::ln_1p(-1.0) == f64::NEG_INFINITY && single::ln_1p(-2.0).is_nan());
    }

    #[test]
    fn nan_goes_through() {
        let functions: [fn(f64) -> f64; 8] = [
            double::exp,
            double::exp_m1,
            double::tanh,
            double::sigmoid,
            |x| double::normal(x).0,
            |x| double::normal(x).1,
            double::ln,
            double::ln_1p,
        ];
        assert!(functions.iter().all(|function| function(f64::NAN).is_nan()));
        let functions: [fn(f32) -> f32; 8] = [
            single::exp,
            single::exp_m1,
            single::tanh,
            single::sigmoid,
            |x| single::normal(x).0,
            |x| single::normal(x).1,
            single::ln,
            single::ln_1p,
        ];
        assert!(functions.iter().all(|function| function(f32::NAN).is_nan()));
    }
}
