//! Arrays as NumPy stores them.

use super::Features;
use super::features::{Collector, reserve_exact};
use half::f16;
use ndarray::{Array2, ArrayD, IxDyn, ShapeBuilder};
use npyz::{DType, NpyFile, Order, TypeChar};

/// The array of a `.npy` file as a matrix: a row for each entry of its first dimension.
pub(super) fn matrix(bytes: &[u8]) -> Result<Features, String> {
    let npy = NpyFile::new(bytes).map_err(|error| format!("not a .npy file: {error}"))?;
    let shape: Vec<usize> = npy.shape().iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).collect();
    let len = shape.iter().fold(1usize, |product, &n| product.saturating_mul(n));
    let rows = shape.first().copied().unwrap_or(0);
    if rows == 0 || len == 0 {
        return Err(format!("it is empty: its shape is {shape:?}"));
    }
    // A size in the header is trusted only after the data is known to have it.
    if len > bytes.len() {
        return Err(format!("its header has shape {shape:?}, but the file has only {} bytes", bytes.len()));
    }
    let (mut index, is_by_rows) = (0, npy.order() == Order::C || shape.len() == 1);
    let mut check = |value: f64| {
        index += 1;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(format!("entry {} is {value}, not a finite number", index - 1))
        }
    };
    if is_by_rows {
        let mut features = Collector::new(len);
        numbers(npy, &mut |value| features.push(check(value)?).map_err(|no_room| no_room.text()))?;
        return features.finish(rows, len / rows).ok_or_else(|| "its data ends too early".to_owned());
    }
    let mut values = Vec::new();
    reserve_exact(&mut values, len).map_err(|no_room| no_room.text())?;
    numbers(npy, &mut |value| check(value).map(|value| values.push(value)))?;
    let array = ArrayD::from_shape_vec(IxDyn(&shape).f(), values).map_err(|error| error.to_string())?;
    let in_rows: Result<Array2<f64>, _> =
        array.as_standard_layout().into_owned().into_shape_with_order((rows, len / rows));
    in_rows.map(Features::from).map_err(|error| error.to_string())
}

/// The entries in the order of the file, for any type of number.
fn numbers(npy: NpyFile<&[u8]>, show: &mut dyn FnMut(f64) -> Result<(), String>) -> Result<(), String> {
    // Dates and durations would be read as the integers in which they are stored, and NaT as −2⁶³.
    if let DType::Plain(kind) = npy.dtype()
        && matches!(kind.type_char(), TypeChar::DateTime | TypeChar::TimeDelta)
    {
        let advice = "convert dates to numbers, for example days since the first, and fill or drop NaT";
        return Err(format!("its entries are dates or durations (type {}); {advice}", kind));
    }
    macro_rules! first_that_fits {
        ($npy:expr; $($type:ty => $convert:expr),*) => {{
            let npy = $npy;
            $( let npy = match npy.try_data::<$type>() {
                Ok(mut data) => return data.try_for_each(|x| show(x.map($convert).map_err(|error| error.to_string())?)),
                Err(npy) => npy,
            }; )*
            Err(format!("its entries have type {}; save numbers, as in array.astype(float)", npy.dtype().descr()))
        }};
    }
    first_that_fits!(npy;
        f64 => |x| x, f32 => f64::from, f16 => f64::from,
        u8 => f64::from, i8 => f64::from, u16 => f64::from, i16 => f64::from, u32 => f64::from, i32 => f64::from,
        u64 => |x| x as f64, i64 => |x| x as f64, bool => |x| f64::from(u8::from(x)))
}
