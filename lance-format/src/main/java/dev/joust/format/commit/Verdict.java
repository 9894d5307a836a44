// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

/// What becomes of a change when another one was committed since the version it was made from
/// (spec: table format 3.4).
public sealed interface Verdict {
    Verdict COMPATIBLE = new Compatible();

    /// Neither touches what the other needs: the change goes on top as it is.
    record Compatible() implements Verdict {}

    /// Both change rows of the same fragments: the change goes on top if they are different rows.
    record Rebasable() implements Verdict {}

    /// The change has to be made anew from the latest version.
    record Retryable(String reason) implements Verdict {}

    /// The change makes no sense any more.
    record Incompatible(String reason) implements Verdict {}
}
