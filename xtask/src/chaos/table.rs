use comfy_table::{CellAlignment, Table, presets};

use super::line::{Cost, Row};

const HEADER: [&str; 11] = [
    "fault",
    "backend",
    "tier",
    "injections",
    "acknowledged",
    "lost",
    "resurrected",
    "wrong answers",
    "unknown",
    "unavailable",
    "recovery",
];
/// The columns before the numbers.
const NAMES: usize = 3;

/// All rows as one table.
pub(super) fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(HEADER);
    for row in rows {
        table.add_row(cells(row));
    }
    for column in table.column_iter_mut().skip(NAMES) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn cells(row: &Row) -> Vec<String> {
    let mut cells = vec![row.fault.clone(), row.backend.clone(), row.tier.clone()];
    cells.extend([row.injections, row.acknowledged].map(|count| count.to_string()));
    // What a backend does not promise to keep is no broken promise.
    let by_tier = |count: u64, allowed: bool| match count {
        1.. if allowed => format!("{count} by tier"),
        _ => count.to_string(),
    };
    cells.push(by_tier(row.lost, row.may_lose != Cost::Nothing));
    let resurrected = by_tier(row.resurrected, row.may_lose == Cost::Writes);
    // Nobody had been told that these had ended.
    let untold = if row.undone > 0 { format!(", {} untold", row.undone) } else { String::new() };
    cells.push(resurrected + &untold);
    // A copy showed these, as a printed limit allows.
    let misled = if row.misled > 0 { format!(", {} misled", row.misled) } else { String::new() };
    cells.push(row.wrong.to_string() + &misled);
    cells.extend([row.unknown, row.unavailable].map(|count| count.to_string()));
    cells.push(row.recovery_ms.map(|millis| format!("{millis} ms")).unwrap_or_default());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::line::Line;

    #[test]
    fn a_row_is_read_and_shown() {
        let line = r#"{"row":{"fault":"server-killed","backend":"redis","tier":"T1",
            "may_lose":"saves","injections":3,"acknowledged":130,"lost":96,"resurrected":0,
            "undone":0,"wrong":0,"misled":0,"unknown":2,"unavailable":70,"recovery_ms":20,"findings":[],"kind":"kill",
            "forbidden":[]}}"#;
        let Line::Row(row) = serde_json::from_str(line).unwrap() else { panic!() };
        let shown = ["server-killed", "redis", "T1", "3", "130", "96 by tier", "0", "0", "2", "70"];
        assert_eq!(cells(&row)[..10], shown);
        assert_eq!(cells(&row)[10], "20 ms");
        let back = |may_lose| cells(&Row { may_lose, resurrected: 4, undone: 5, ..row.clone() });
        assert_eq!(back(Cost::Saves)[6], "4, 5 untold");
        assert_eq!(back(Cost::Writes)[6], "4 by tier, 5 untold");
        assert_eq!(cells(&Row { misled: 6, ..row.clone() })[7], "0, 6 misled");
    }
}
