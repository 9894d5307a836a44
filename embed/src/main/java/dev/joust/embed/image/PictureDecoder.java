// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/// Decodes pictures to RGB by readers in Java. Format, dimensions and completeness are checked before, so that memory
/// is taken for a picture only if its bytes can hold it.
///
/// Alpha is dropped (not blended), palettes are resolved, grey is repeated, and of 16 bits the upper 8 are kept.
/// Colours of a profile are brought to sRGB, and the picture is turned as its EXIF says. Thread-safe.
public final class PictureDecoder {
    /// Memory is counted in units of so many bytes.
    private static final int BUDGET_UNIT_BYTES = 1 << 16;

    private final PictureLimits limits;
    private final int budgetUnits;
    private final Semaphore budget;

    public PictureDecoder(PictureLimits limits) {
        this.limits = limits;
        budgetUnits = Math.toIntExact(
                Math.ceilDiv(limits.maxPixelCount() * PictureLimits.BYTES_PER_PIXEL, BUDGET_UNIT_BYTES));
        budget = new Semaphore(budgetUnits, true);
    }

    /// Decodes a picture and hands it on. Pictures that are being decoded or used at the same time take no more
    /// memory together than one of the largest allowed; who comes later waits. Whatever follows the picture in its
    /// bytes is not looked at.
    ///
    /// @param use is done with the picture when it returns
    /// @throws PictureException saying why the bytes are not taken
    public <T> T decode(byte[] encoded, Function<DecodedPicture, T> use) {
        PictureFormat format = PictureFormat.of(encoded);
        return decode(encoded, format, PictureStream.parse(format, encoded, limits), use);
    }

    /// As {@link #decode(byte[], Function)}, for bytes that others will get again: refuses as well what is something
    /// else besides a picture, an archive, a page or a script, and what inflates to far more than it shows.
    ///
    /// @throws PictureException saying why the bytes are not taken
    public <T> T decodeToKeep(byte[] encoded, Function<DecodedPicture, T> use) {
        PictureFormat format = PictureFormat.of(encoded);
        PictureStream stream = PictureStream.parse(format, encoded, limits);
        ForeignContent.check(encoded, format, stream);
        if (stream instanceof PngStream png) {
            PngExcess.check(encoded, png);
        }
        return decode(encoded, format, stream, use);
    }

    private <T> T decode(
            byte[] encoded, PictureFormat format, PictureStream stream, Function<DecodedPicture, T> use) {
        return withBudget((long) stream.width() * stream.height() * stream.bytesPerPixel(), () -> {
            Exif exif = stream.exif();
            RgbPicture pixels = exif.turned(ColourProfile.toSrgb(stream.decode(), stream.profile()));
            boolean isOnItsSide = exif.orientation() >= 5;
            return use.apply(new DecodedPicture(new PictureFacts(
                    isOnItsSide ? stream.storedHeight() : stream.storedWidth(),
                    isOnItsSide ? stream.storedWidth() : stream.storedHeight(),
                    encoded.length, format, exif.takenAt(), exif.camera()), pixels));
        });
    }

    private <T> T withBudget(long bytes, Supplier<T> work) {
        int units = (int) Math.min(Math.ceilDiv(bytes, BUDGET_UNIT_BYTES), budgetUnits);
        budget.acquireUninterruptibly(units);
        try {
            return work.get();
        } finally {
            budget.release(units);
        }
    }
}
