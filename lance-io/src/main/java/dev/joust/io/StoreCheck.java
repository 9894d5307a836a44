// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

/// One thing that a store was examined for; see {@link ObjectStores#examine}.
///
/// @param name  what was looked at, such as `credentials`
/// @param found in words; never a key or token
/// @param fix   what to do about it; empty where there is nothing to do
public record StoreCheck(String name, Outcome outcome, String found, String fix) {
    public enum Outcome {
        OK,
        /// Works, but could work better.
        WARNING,
        FAILED,
        /// Something else has to work first, or it was not asked for.
        SKIPPED
    }

    public static StoreCheck ok(String name, String found) {
        return new StoreCheck(name, Outcome.OK, found, "");
    }

    public static StoreCheck warning(String name, String found, String fix) {
        return new StoreCheck(name, Outcome.WARNING, found, fix);
    }

    public static StoreCheck failed(String name, String found, String fix) {
        return new StoreCheck(name, Outcome.FAILED, found, fix);
    }

    public static StoreCheck skipped(String name, String why) {
        return new StoreCheck(name, Outcome.SKIPPED, why, "");
    }
}
