//! Which part of a Cluster a name belongs to.

/// How many slots a Cluster has.
pub(super) const SLOTS: usize = 16_384;

/// The slot of a name, or of what stands in its first braces.
pub(super) fn slot(name: &str) -> usize {
    usize::from(crc16(tag(name).unwrap_or(name).as_bytes())) % SLOTS
}

fn tag(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('{')?;
    let (tag, _) = rest.split_once('}')?;
    (!tag.is_empty()).then_some(tag)
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for byte in bytes {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `CLUSTER KEYSLOT` says.
    #[test]
    fn slots_are_those_of_the_cluster() {
        assert_eq!(crc16(b"123456789"), 0x31C3);
        for (name, number) in [
            ("123456789", 12_739),
            ("foo", 12_182),
            ("", 0),
            ("user1000", 3443),
            ("{user1000}.following", 3443),
            ("lodger:session:{user1000}", 3443),
            ("foo{}{user1000}", 4418),
        ] {
            assert_eq!(slot(name), number, "{name}");
        }
    }
}
