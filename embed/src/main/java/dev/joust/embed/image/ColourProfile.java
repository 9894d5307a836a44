// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// Colours as a profile of the picture means them, brought to sRGB by the JDK's colour management. A profile that is
/// broken, too large or of another kind of picture is ignored, as if there were none. Source: ICC.1:2022, 7.2.
final class ColourProfile {
    /// Those of printing presses have about 3 MB at most.
    static final int MAX_BYTES = 4 << 20;

    private static final int HEADER_BYTES = 128;
    private static final int DEVICE_CLASS_OFFSET = 12;
    private static final byte[] PRINTER = {'p', 'r', 't', 'r'};
    private static final byte[] SCANNER = {'s', 'c', 'n', 'r'};
    private static final int MAX_CACHED = 16;
    private static final int CONVERTED_AT_ONCE = 1 << 18;
    private static final int LATTICE = 6;
    /// Profiles that all say "sRGB" differ so much from one another.
    private static final int SAME = 2;

    /// Cameras of a kind all write the same profile, and making one ready takes longer than converting a small picture.
    private static final Map<ByteBuffer, Optional<ColourProfile>> CACHE =
            new LinkedHashMap<>(MAX_CACHED, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Optional<ColourProfile>> eldest) {
                    return size() > MAX_CACHED;
                }
            };

    private final ICC_Profile profile;
    private final int componentCount;
    private final boolean isSrgb;

    private ColourProfile(ICC_Profile profile, int componentCount) {
        this.profile = profile;
        this.componentCount = componentCount;
        isSrgb = componentCount == 3 && isIdentity();
    }

    /// The picture in sRGB.
    ///
    /// @param profile the picture's, or null
    static RgbPicture toSrgb(Pixels pixels, byte @Nullable [] profile) {
        Optional<ColourProfile> usable = profile == null ? Optional.empty() : cached(profile);
        if (usable.isEmpty() || usable.get().componentCount != pixels.componentCount() || usable.get().isSrgb) {
            return pixels.toRgb();
        }
        try {
            return usable.get().convert(pixels);
        } catch (CMMException | IllegalArgumentException e) {
            return pixels.toRgb();
        }
    }

    private static Optional<ColourProfile> cached(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer key = ByteBuffer.wrap(bytes);
        synchronized (CACHE) {
            Optional<ColourProfile> known = CACHE.get(key);
            if (known != null) {
                return known;
            }
        }
        Optional<ColourProfile> made = make(bytes);
        synchronized (CACHE) {
            CACHE.put(key, made);
        }
        return made;
    }

    private static Optional<ColourProfile> make(byte[] bytes) {
        try {
            ICC_Profile profile = ICC_Profile.getInstance(renderedPerceptually(bytes));
            int componentCount = switch (profile.getColorSpaceType()) {
                case ColorSpace.TYPE_GRAY -> 1;
                case ColorSpace.TYPE_RGB -> 3;
                case ColorSpace.TYPE_CMYK -> 4;
                default -> 0;
            };
            return componentCount == 0 ? Optional.empty() : Optional.of(new ColourProfile(profile, componentCount));
        } catch (CMMException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /// The same profile for the JDK's conversion, which renders the colours of printers as they are on paper, where white
    /// is bright grey and black dark grey, and those of all other devices as they are meant to be seen. So it is told
    /// that printers are scanners, whose profiles have the same tables.
    private static byte[] renderedPerceptually(byte[] bytes) {
        if (!startsWith(bytes, DEVICE_CLASS_OFFSET, PRINTER)) {
            return bytes;
        }
        byte[] changed = bytes.clone();
        System.arraycopy(SCANNER, 0, changed, DEVICE_CLASS_OFFSET, SCANNER.length);
        return changed;
    }

    private static boolean startsWith(byte[] bytes, int offset, byte[] expected) {
        return Arrays.equals(bytes, offset, offset + expected.length, expected, 0, expected.length);
    }

    /// Whether colours from all over the cube stay what they are.
    private boolean isIdentity() {
        byte[] colours = new byte[3 * LATTICE * LATTICE * LATTICE];
        for (int i = 0; i < colours.length / 3; i++) {
            colours[3 * i] = (byte) (i % LATTICE * 255 / (LATTICE - 1));
            colours[3 * i + 1] = (byte) (i / LATTICE % LATTICE * 255 / (LATTICE - 1));
            colours[3 * i + 2] = (byte) (i / LATTICE / LATTICE * 255 / (LATTICE - 1));
        }
        byte[] converted = convert(operation(), colours, colours.length / 3);
        for (int i = 0; i < colours.length; i++) {
            if (Math.abs((colours[i] & 0xFF) - (converted[i] & 0xFF)) > SAME) {
                return false;
            }
        }
        return true;
    }

    /// One for each picture: it keeps what it was last used with.
    private ColorConvertOp operation() {
        ICC_Profile target = ((ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_sRGB)).getProfile();
        return new ColorConvertOp(new ICC_Profile[] {profile, target}, null);
    }

    private RgbPicture convert(Pixels pixels) {
        int pixelCount = Math.multiplyExact(pixels.width(), pixels.height());
        byte[] rgb = new byte[Math.multiplyExact(3, pixelCount)];
        if (componentCount == 1) {
            convertGrey(pixels, rgb);
            return RgbPicture.packed(pixels.width(), pixels.height(), rgb);
        }
        ColorConvertOp operation = operation();
        byte[] block = new byte[Math.min(pixelCount, CONVERTED_AT_ONCE) * componentCount];
        for (int start = 0; start < pixelCount; start += CONVERTED_AT_ONCE) {
            int count = Math.min(CONVERTED_AT_ONCE, pixelCount - start);
            for (int component = 0; component < componentCount; component++) {
                int at = pixels.starts()[component] + start * pixels.pixelStride();
                // In profiles all of an ink is 255
                int invert = componentCount == 4 ? 0xFF : 0;
                for (int i = component; i < count * componentCount; i += componentCount) {
                    block[i] = (byte) (pixels.bytes()[at] ^ invert);
                    at += pixels.pixelStride();
                }
            }
            System.arraycopy(convert(operation, block, count), 0, rgb, 3 * start, 3 * count);
        }
        return RgbPicture.packed(pixels.width(), pixels.height(), rgb);
    }

    private void convertGrey(Pixels pixels, byte[] rgb) {
        byte[] greys = new byte[256];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = (byte) i;
        }
        byte[] colours = convert(operation(), greys, greys.length);
        int at = pixels.starts()[0];
        for (int i = 0; i < rgb.length; i += 3) {
            System.arraycopy(colours, 3 * (pixels.bytes()[at] & 0xFF), rgb, i, 3);
            at += pixels.pixelStride();
        }
    }

    /// @param block the components of `count` pixels, without gaps
    private byte[] convert(ColorConvertOp operation, byte[] block, int count) {
        byte[] rgb = new byte[3 * count];
        operation.filter(raster(block, count, componentCount), raster(rgb, count, 3));
        return rgb;
    }

    private static WritableRaster raster(byte[] bytes, int pixelCount, int componentCount) {
        int[] offsets = new int[componentCount];
        for (int i = 0; i < componentCount; i++) {
            offsets[i] = i;
        }
        return Raster.createInterleavedRaster(new DataBufferByte(bytes, bytes.length), pixelCount, 1,
                pixelCount * componentCount, componentCount, offsets, null);
    }
}
