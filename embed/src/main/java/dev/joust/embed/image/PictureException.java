// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// Bytes that cannot be taken as a picture; the message says why.
public final class PictureException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// What is wrong, for callers that answer differently.
    public enum Reason {
        /// No picture format known by its first bytes.
        NOT_A_PICTURE,
        /// A picture, of a format or kind that is not read.
        UNSUPPORTED,
        /// The bytes end before the picture does.
        CUT_SHORT,
        /// The bytes contradict themselves or the format.
        DAMAGED,
        /// More pixels than allowed, more than the bytes can hold, or more of other things than any picture needs.
        TOO_LARGE,
        /// A picture, and something else besides that other programs would run, show or unpack.
        FOREIGN
    }

    private final Reason reason;

    public PictureException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public PictureException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
