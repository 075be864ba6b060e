//! Rows of a run of any length, in bounded memory.
//!
//! Up to [`MAX_POINTS`] rows are all kept. Of more rows, every 2^k-th row is kept, counted from the first, with the
//! smallest k that fits. The last row and every marked row are kept too. The selection depends only on the number of
//! rows and on the marks, so it is the same for any number of threads.

use chainrule_record::MAX_POINTS;

/// Rows that arrive one by one.
#[derive(Debug, Clone)]
pub(super) struct Thinned<R> {
    /// Every `stride`-th row except the last, each with its index among all rows.
    grid: Vec<(u64, R)>,
    stride: u64,
    /// The last row.
    last: Option<(u64, R)>,
    /// Rows that are kept for any stride.
    marked: Vec<Option<(u64, R)>>,
}

impl<R: Clone> Thinned<R> {
    /// An empty list of rows with up to `marks` marked ones.
    pub(super) fn new(marks: usize) -> Self {
        Self { grid: Vec::new(), stride: 1, last: None, marked: vec![None; marks] }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: R) {
        let place = self.last.as_ref().map_or(0, |(place, _)| place + 1);
        if let Some((place, row)) = self.last.replace((place, row))
            && place.is_multiple_of(self.stride)
        {
            self.grid.push((place, row));
        }
        while self.grid.len() >= self.room() {
            self.stride *= 2;
            let stride = self.stride;
            self.grid.retain(|(place, _)| place.is_multiple_of(stride));
        }
    }

    /// Number of rows available to the grid and the last row. While the grid has every row, marked rows need no extra
    /// room.
    fn room(&self) -> usize {
        if self.stride == 1 { MAX_POINTS } else { MAX_POINTS - self.marked.len() }
    }

    /// The row that was added last.
    pub(super) fn last(&self) -> Option<&R> {
        self.last.as_ref().map(|(_, row)| row)
    }

    /// Marks the row that was added last. It replaces the previous row with this mark.
    pub(super) fn mark(&mut self, mark: usize) {
        self.marked[mark].clone_from(&self.last);
    }

    /// The kept rows, in order.
    pub(super) fn into_rows(self) -> impl Iterator<Item = R> {
        let mut rows = self.grid;
        rows.extend(self.marked.into_iter().flatten().chain(self.last));
        rows.sort_by_key(|(place, _)| *place);
        rows.dedup_by_key(|(place, _)| *place);
        rows.into_iter().map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(n: usize, marked: &[usize]) -> Vec<usize> {
        let mut rows = Thinned::new(marked.len());
        for row in 0..n {
            rows.push(row);
            marked.iter().enumerate().filter(|(_, at)| **at == row).for_each(|(mark, _)| rows.mark(mark));
        }
        rows.into_rows().collect()
    }

    #[test]
    fn up_to_the_limit_every_row_stays() {
        for n in [0, 1, 2, MAX_POINTS - 1, MAX_POINTS] {
            assert_eq!(kept(n, &[1, 7, 77]), (0..n).collect::<Vec<_>>());
        }
    }

    /// A slow reference: the smallest power of two that fits, applied to all rows at once.
    #[test]
    fn beyond_it_stays_every_power_of_two_with_the_marked_rows_and_the_last() {
        let marked = [1, 333, 4999];
        for n in [MAX_POINTS + 1, 9_994, 9_995, 9_996, 20_000, 123_457] {
            let on_grid = |stride: usize| (0..n).step_by(stride).filter(|row| row + 1 < n).count();
            let fits = |stride: &usize| on_grid(*stride) + 1 + marked.len() <= MAX_POINTS;
            let stride = (1..).map(|k| 1 << k).find(fits).unwrap();
            let stays = |row: &usize| row.is_multiple_of(stride) || row + 1 == n || marked.contains(row);
            let rows = kept(n, &marked);
            assert_eq!(rows, (0..n).filter(stays).collect::<Vec<_>>(), "{n}");
            assert!(
                (MAX_POINTS / 2 - marked.len()..=MAX_POINTS).contains(&rows.len()),
                "{n}: {}",
                rows.len()
            );
        }
    }
}
