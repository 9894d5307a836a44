// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

/// What a store has done by the time a write returns.
public enum Durability {
    /// The bytes and the name are on stable storage: they survive a power cut.
    FSYNC,
    /// The bytes are with the operating system: they survive a killed process, not a power cut.
    NONE
}
