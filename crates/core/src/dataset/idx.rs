//! IDX, the format of the MNIST files: two zero bytes, the type, the number of dimensions, each dimension as a
//! big-endian 32-bit integer, then the data.

use thiserror::Error;

/// The type byte of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;

/// The error in an IDX file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum IdxError {
    #[error("not an IDX file: it begins with {found:02x?} instead of 00 00")]
    Magic { found: Vec<u8> },
    #[error("its numbers have type {found:#04x}; only unsigned bytes (0x08) are read")]
    Type { found: u8 },
    #[error("it has {found} dimensions instead of {expected}")]
    Dimensions { found: u8, expected: usize },
    #[error("it ends within its header of {expected} bytes, after {found} bytes")]
    Header { found: usize, expected: usize },
    #[error("{dimensions:?} needs {expected} bytes of data, but {found} follow the header")]
    Length { dimensions: Vec<u32>, expected: u64, found: usize },
}

/// Reads an IDX file of unsigned bytes with `N` dimensions: the dimensions and the data.
///
/// # Errors
/// If the bytes do not match the format. A size in the header is trusted only after the data is known to have it.
pub fn parse_idx<const N: usize>(bytes: &[u8]) -> Result<([u32; N], &[u8]), IdxError> {
    let header = 4 + 4 * N;
    match bytes {
        [0, 0, UNSIGNED_BYTE, n, ..] if usize::from(*n) == N => {}
        [0, 0, UNSIGNED_BYTE, found, ..] => return Err(IdxError::Dimensions { found: *found, expected: N }),
        [0, 0, found, _, ..] => return Err(IdxError::Type { found: *found }),
        _ if bytes.len() < 4 => return Err(IdxError::Header { found: bytes.len(), expected: header }),
        _ => return Err(IdxError::Magic { found: bytes[..2].to_vec() }),
    }
    if bytes.len() < header {
        return Err(IdxError::Header { found: bytes.len(), expected: header });
    }
    let (head, data) = bytes.split_at(header);
    let (words, _) = head[4..].as_chunks::<4>();
    let mut dimensions = [0; N];
    dimensions.iter_mut().zip(words).for_each(|(dimension, word)| *dimension = u32::from_be_bytes(*word));
    let expected = dimensions.iter().fold(1u64, |product, &n| product.saturating_mul(u64::from(n)));
    if expected != data.len() as u64 {
        return Err(IdxError::Length { dimensions: dimensions.to_vec(), expected, found: data.len() });
    }
    Ok((dimensions, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_format_says() {
        let bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
        assert_eq!(parse_idx::<2>(&bytes), Ok(([2, 3], &[1u8, 2, 3, 4, 5, 6][..])));
    }

    #[test]
    fn refuses_what_it_does_not() {
        let good = [0, 0, 8, 1, 0, 0, 0, 2, 1, 2];
        let with = |index: usize, byte: u8| {
            let mut bytes = good;
            bytes[index] = byte;
            parse_idx::<1>(&bytes).unwrap_err()
        };
        assert!(matches!(with(0, 31), IdxError::Magic { .. }));
        assert!(matches!(with(2, 9), IdxError::Type { found: 9 }));
        assert!(matches!(with(3, 3), IdxError::Dimensions { found: 3, expected: 1 }));
        assert!(matches!(with(4, 255), IdxError::Length { found: 2, .. }));
        assert!(matches!(parse_idx::<1>(&good[..9]), Err(IdxError::Length { found: 1, expected: 2, .. })));
        assert!(matches!(parse_idx::<1>(&good[..6]), Err(IdxError::Header { found: 6, expected: 8 })));
        assert!(matches!(parse_idx::<1>(&[]), Err(IdxError::Header { found: 0, .. })));
        let huge = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(matches!(parse_idx::<3>(&huge), Err(IdxError::Length { expected: u64::MAX, .. })));
    }
}
