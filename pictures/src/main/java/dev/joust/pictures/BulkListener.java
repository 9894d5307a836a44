// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// Hears how many pictures are added. One call at a time, from any thread; what it throws ends the work.
public interface BulkListener {
    BulkListener NONE = new BulkListener() {};

    /// It is decided what became of a picture: durably, where it was stored. Not in the order of the sources.
    default void done(BulkOutcome outcome) {}

    /// Some more are done.
    default void progress(BulkProgress progress) {}
}
