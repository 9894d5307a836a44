// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// What a picture's EXIF says. A block that makes no sense is as good as none, but one that is out of all proportion
/// or leads in circles was made to do harm and is refused. Source: CIPA DC-008 (Exif 3.0), 4.6.
///
/// @param orientation 1 to 8: how the stored rows and columns are to be seen
/// @param takenAt     by the camera's clock
record Exif(int orientation, @Nullable LocalDateTime takenAt, @Nullable String camera) {
    static final Exif NONE = new Exif(1, null, null);

    /// Cameras write less than 64 KiB, some with previews a little more.
    static final int MAX_BYTES = 1 << 20;

    private static final int MAKE = 0x010F;
    private static final int MODEL = 0x0110;
    private static final int ORIENTATION = 0x0112;
    private static final int MODIFIED = 0x0132;
    private static final int EXIF_DIRECTORY = 0x8769;
    private static final int TAKEN = 0x9003;
    private static final int DIGITIZED = 0x9004;

    private static final int MAX_TEXT_BYTES = 200;
    /// More values than any file that is taken has bytes.
    private static final long ABSURD_BYTES = 1L << 30;
    /// Of all directories together; a TIFF of many pages has some 20 per page.
    private static final int MAX_ENTRIES = 200_000;
    private static final Pattern TIME =
            Pattern.compile("\\s*(\\d{4})[:/-](\\d\\d)[:/-](\\d\\d)[ T](\\d\\d):(\\d\\d)(?::(\\d\\d))?.*", Pattern.DOTALL);

    /// @param bytes a TIFF structure from `start` to before `end`
    static Exif parse(byte[] bytes, int start, int end) {
        if (end - start > MAX_BYTES) {
            throw new PictureException(PictureException.Reason.TOO_LARGE,
                    "EXIF of " + (end - start) + " bytes; at most " + MAX_BYTES + " are allowed");
        }
        return TiffDirectory.isHeader(bytes, start, end) ? parse(TiffDirectory.open(bytes, start, end, "EXIF")) : NONE;
    }

    /// @param in a TIFF structure
    static Exif parse(PictureBytes in) {
        Optional<TiffDirectory> first = directory(in, firstOffset(in));
        if (first.isEmpty()) {
            return NONE;
        }
        checkChain(in, first.get());
        Optional<TiffDirectory> exif = first.get().number(EXIF_DIRECTORY).isPresent()
                ? directory(in, first.get().number(EXIF_DIRECTORY).getAsLong()) : Optional.empty();
        exif.ifPresent(Exif::checkProportions);
        LocalDateTime takenAt = exif.map(directory -> time(directory, TAKEN)).orElse(null);
        if (takenAt == null) {
            takenAt = exif.map(directory -> time(directory, DIGITIZED)).orElse(null);
        }
        if (takenAt == null) {
            takenAt = time(first.get(), MODIFIED);
        }
        long orientation = first.get().number(ORIENTATION, 1);
        return new Exif(orientation < 1 || orientation > 8 ? 1 : (int) orientation, takenAt,
                camera(text(first.get(), MAKE), text(first.get(), MODEL)));
    }

    /// The picture as it is to be seen; the same bytes, read in another order.
    RgbPicture turned(RgbPicture stored) {
        return switch (orientation) {
            case 2 -> stored.mirrored();
            case 3 -> stored.mirrored().flipped();
            case 4 -> stored.flipped();
            case 5 -> stored.transposed();
            case 6 -> stored.transposed().mirrored();
            case 7 -> stored.transposed().mirrored().flipped();
            case 8 -> stored.transposed().flipped();
            default -> stored;
        };
    }

    /// Where the first directory is said to be; beyond the end where it isn't said.
    private static long firstOffset(PictureBytes in) {
        try {
            return TiffDirectory.firstOffset(in);
        } catch (PictureException e) {
            return Long.MAX_VALUE;
        }
    }

    private static Optional<TiffDirectory> directory(PictureBytes in, long offset) {
        try {
            return Optional.of(TiffDirectory.read(in, offset));
        } catch (PictureException e) {
            return Optional.empty();
        }
    }

    /// The directories that follow one another, each with the one it points to: none may come twice.
    private static void checkChain(PictureBytes in, TiffDirectory first) {
        Set<Long> seen = new HashSet<>();
        seen.add(firstOffset(in));
        Optional<TiffDirectory> at = Optional.of(first);
        int entryCount = 0;
        while (at.isPresent()) {
            checkProportions(at.get());
            entryCount += 1 + at.get().entries().size();
            if (entryCount > MAX_ENTRIES) {
                throw hostile("EXIF of more than " + MAX_ENTRIES + " entries");
            }
            OptionalLong inner = at.get().number(EXIF_DIRECTORY);
            if (inner.isPresent() && !seen.add(inner.getAsLong())) {
                throw hostile("EXIF directories that lead in a circle");
            }
            long next = at.get().nextOffset();
            if (next == 0) {
                return;
            }
            if (!seen.add(next)) {
                throw hostile("EXIF directories that lead in a circle");
            }
            at = directory(in, next);
        }
    }

    private static void checkProportions(TiffDirectory directory) {
        for (TiffDirectory.Entry entry : directory.entries()) {
            if (entry.sizeBytes() > ABSURD_BYTES) {
                throw hostile("EXIF tag " + entry.tag() + " of " + entry.sizeBytes() + " bytes");
            }
        }
    }

    private static PictureException hostile(String what) {
        return new PictureException(PictureException.Reason.DAMAGED, "a damaged picture: " + what);
    }

    private static @Nullable LocalDateTime time(TiffDirectory directory, int tag) {
        Matcher time = TIME.matcher(text(directory, tag));
        if (!time.matches()) {
            return null;
        }
        try {
            return LocalDateTime.of(number(time, 1), number(time, 2), number(time, 3), number(time, 4), number(time, 5),
                    time.group(6) == null ? 0 : number(time, 6));
        } catch (DateTimeException e) {
            // Cameras whose clock was never set write zeros
            return null;
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /// Up to its first NUL, without control characters and blanks around it. ASCII says the standard, UTF-8 write some.
    private static String text(TiffDirectory directory, int tag) {
        byte[] bytes = directory.text(tag, MAX_TEXT_BYTES).getBytes(StandardCharsets.ISO_8859_1);
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        int nul = text.indexOf('\0');
        return (nul < 0 ? text : text.substring(0, nul)).replaceAll("\\p{Cntrl}", " ").strip();
    }

    /// Most models name their maker already.
    private static @Nullable String camera(String make, String model) {
        boolean isNamed = model.toLowerCase(Locale.ROOT).startsWith(make.toLowerCase(Locale.ROOT));
        String camera = isNamed ? model : (make + " " + model).strip();
        return camera.isEmpty() ? null : camera;
    }
}
