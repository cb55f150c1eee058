//! Caches in which somebody writes past Lodger.
//!
//! What no codec accepts is no copy. What somebody copied from another session, or from the past of the
//! same one, may be shown until it ends, and a save over it goes by the row.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Result;

use super::cached::Copying;
use super::copies::Copies;
use super::copy::Scene;
use super::dice::Dice;
use super::row::Tally;
use super::stage::Stage;
use super::stranger::{Stranger, Value};

/// What names of copies begin with.
const PREFIX: &str = "lodger:cached_db:";
/// So many names somebody remembers, with all that lay there, or poisons at a time.
const NAMES: usize = 16;

/// So long what somebody puts there is kept.
const SECONDS: u32 = 2;

/// What is made of a value.
type Poison = fn(&[u8], &mut Dice) -> Vec<u8>;

/// All that is tried.
const POISONS: &[Poison] = &[
    |_, _| Vec::new(),
    |_, _| b"garbage".to_vec(),
    |_, _| vec![0xFF; 64],
    |_, _| b"1700000000000000:".to_vec(),
    |_, _| b"9999999999999999:{\"tags\":[0],\"copies\":[0]}".to_vec(),
    |_, _| b"\x80\x02}q\0X\x04\0\0\0tags]s.".to_vec(),
    |_, _| b"lease:0123456789abcdef".to_vec(),
    |_, _| b"tombstone".to_vec(),
    |_, _| vec![b'9'; 200_000],
    // Cut short, with a bit of the data flipped, with bytes more, and ended already. What only ends later
    // would be a copy, and an old one by now.
    |value, dice| value[..below(value, dice)].to_vec(),
    |value, dice| {
        let data = value.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
        let (at, bit) = (data + below(&value[data..], dice), dice.below(8));
        value.iter().enumerate().map(|(n, byte)| byte ^ (u8::from(n == at) << bit)).collect()
    },
    |value, _| [value, b":more"].concat(),
    |value, _| [b"-", value].concat(),
];

fn below(value: &[u8], dice: &mut Dice) -> usize {
    dice.below(value.len().max(1) as u64) as usize
}

/// Values are overwritten with what no codec accepts.
///
/// # Errors
///
/// When the cache does not answer.
pub async fn poisoned(stage: &Stage) -> Result<Tally> {
    let mut scene = Scene::open(stage, &[], Copying::default()).await?;
    let mut poisoned = HashMap::new();
    for _ in 0..stage.times(200) {
        scene.traffic.flows(4).await?;
        let values = scene.stranger.values(PREFIX).await?;
        let share = values.len().div_ceil(NAMES) as u64;
        for (name, value) in values {
            // What is still there nobody has looked at.
            if scene.dice.below(share) > 0 || poisoned.get(&name) == Some(&value.bytes) {
                continue;
            }
            let poison = POISONS[scene.dice.below(POISONS.len() as u64) as usize];
            let bytes = poison(&value.bytes, &mut scene.dice);
            scene.stranger.put(&name, &value.with(bytes.clone()), SECONDS).await?;
            poisoned.insert(name, bytes);
            scene.tally.injections += 1;
        }
        scene.look().await?;
    }
    scene.over(Duration::ZERO).await
}

/// Values are overwritten with older ones, and with other sessions', some of them with another end.
///
/// # Errors
///
/// When the cache does not answer.
pub async fn lies(stage: &Stage) -> Result<Tally> {
    lied(stage, Copies::Forged, Copying::default()).await
}

/// The same, where no session that has ended is read from a copy.
///
/// # Errors
///
/// When the cache does not answer.
pub async fn lies_and_ends_are_verified(stage: &Stage) -> Result<Tally> {
    let copying = Copying { verifies: true, ..Copying::default() };
    lied(stage, Copies::ForgedOfLive, copying).await
}

async fn lied(stage: &Stage, copies: Copies, copying: Copying) -> Result<Tally> {
    let mut scene = Scene::open(stage, &[], copying).await?;
    for _ in 0..stage.times(10).max(2) {
        let mut memory = Memory::default();
        scene.traffic.trust(copies);
        for _ in 0..20 {
            scene.traffic.flows(4).await?;
            memory.listen(&mut scene.stranger).await?;
            for (name, value) in memory.lies(&mut scene.dice) {
                scene.stranger.put(&name, &value, SECONDS).await?;
            }
            scene.look().await?;
        }
        // What was saved over lies is looked at without any.
        scene.anew().await?;
    }
    // What nobody was shown is no lie.
    scene.tally.injections = scene.tally.misled;
    scene.over(Duration::ZERO).await
}

/// What somebody has seen under each name, the last one last, and the name where something was seen last
/// is the last one.
#[derive(Default)]
struct Memory(Vec<(String, Vec<Value>)>);

impl Memory {
    async fn listen(&mut self, stranger: &mut Stranger) -> Result<()> {
        for (name, value) in stranger.values(PREFIX).await? {
            // Leases and tombstones are none.
            if value.bytes.first().is_some_and(u8::is_ascii_digit) {
                self.remember(name, value);
            }
        }
        Ok(())
    }

    fn remember(&mut self, name: String, value: Value) {
        let known = self.0.iter().position(|(known, _)| *known == name);
        let mut values = known.map(|place| self.0.remove(place).1).unwrap_or_default();
        values.retain(|known| *known != value);
        values.push(value);
        self.0.push((name, values));
        if self.0.len() > NAMES {
            self.0.remove(0);
        }
    }

    /// For each name a value that lay there before, or lies under another one.
    fn lies(&self, dice: &mut Dice) -> Vec<(String, Value)> {
        let lie = |(name, own): &(String, Vec<Value>)| {
            let others = &self.0[dice.below(self.0.len() as u64) as usize].1;
            let before = &own[..own.len() - 1];
            let values = if before.is_empty() || dice.below(3) == 0 { others } else { before };
            let value = &values[dice.below(values.len() as u64) as usize];
            let later = [b"1", value.bytes.as_slice()].concat();
            (name.clone(), if dice.below(4) == 0 { value.with(later) } else { value.clone() })
        };
        self.0.iter().map(lie).collect()
    }
}
