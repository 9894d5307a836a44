// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

import dev.joust.embed.image.PictureException.Reason;

/// Decodes pictures to RGB with the JDK's own readers. Format, dimensions and completeness are checked before, so
/// that memory is taken for a picture only if its bytes can hold it.
///
/// Alpha is dropped (not blended), palettes are resolved, grey is repeated, and of 16 bits the upper 8 are kept.
/// Thread-safe.
public final class PictureDecoder {
    /// Memory is counted in units of so many bytes.
    private static final int BUDGET_UNIT_BYTES = 1 << 16;
    private static final int RGB_BYTES = 3;

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
    /// memory together than one of the largest allowed; who comes later waits.
    ///
    /// @param use is done with the picture when it returns
    /// @throws PictureException saying why the bytes are not taken
    public <T> T decode(byte[] encoded, Function<DecodedPicture, T> use) {
        PictureFormat format = PictureFormat.of(encoded);
        return switch (format) {
            case JPEG -> {
                JpegStream stream = JpegStream.parse(encoded, limits);
                yield withBudget(stream.width(), stream.height(), RGB_BYTES, () -> use.apply(decoded(encoded, format,
                        toRgb(read("JPEG", stream.decodable(), stream.width(), stream.height())))));
            }
            case PNG -> {
                PngStream stream = PngStream.parse(encoded, limits);
                int bytesPerPixel = Math.ceilDiv(stream.bitsPerPixel(), 8) + RGB_BYTES;
                yield withBudget(stream.width(), stream.height(), bytesPerPixel, () -> use.apply(decoded(encoded,
                        format, toRgb(read("PNG", stream.decodable(), stream.width(), stream.height())))));
            }
        };
    }

    private static DecodedPicture decoded(byte[] encoded, PictureFormat format, RgbPicture pixels) {
        return new DecodedPicture(
                new PictureFacts(pixels.width(), pixels.height(), encoded.length, format, null, null), pixels);
    }

    private <T> T withBudget(int width, int height, int bytesPerPixel, Supplier<T> work) {
        long bytes = (long) width * height * bytesPerPixel;
        int units = (int) Math.min(Math.ceilDiv(bytes, BUDGET_UNIT_BYTES), budgetUnits);
        budget.acquireUninterruptibly(units);
        try {
            return work.get();
        } finally {
            budget.release(units);
        }
    }

    private static BufferedImage read(String format, byte[] decodable, int width, int height) {
        ImageReader reader = ImageCodecs.jdkReader(format);
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(decodable))) {
            reader.setInput(input, true, true);
            BufferedImage image = reader.read(0);
            if (image.getWidth() != width || image.getHeight() != height) {
                throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": it declares " + width + " x "
                        + height + " pixels and holds " + image.getWidth() + " x " + image.getHeight());
            }
            checkComplete(format, warnings);
            return image;
        } catch (IOException e) {
            throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": " + e.getMessage(), e);
        } catch (PictureException e) {
            throw e;
        } catch (RuntimeException e) {
            // The JDK's readers answer some damaged files so
            throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": " + e, e);
        } finally {
            reader.dispose();
        }
    }

    /// A JPEG whose data ends early is filled up with grey and a warning; here it is an error.
    private static void checkComplete(String format, List<String> warnings) {
        for (String warning : warnings) {
            if (warning.contains("EOI") || warning.contains("remature end")) {
                throw new PictureException(Reason.CUT_SHORT, "a " + format + " cut short: " + warning);
            }
        }
    }

    private static RgbPicture toRgb(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return fromPalette(raster, palette);
        }
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && model.getScanlineStride() == width * model.getPixelStride()
                && buffer.getNumBanks() == 1 && buffer.getOffset() == 0 && model.getWidth() == width) {
            int[] offsets = model.getBandOffsets();
            boolean grey = offsets.length < 3;
            return new RgbPicture(width, height, buffer.getData(), model.getPixelStride(),
                    offsets[0], offsets[grey ? 0 : 1], offsets[grey ? 0 : 2]);
        }
        return fromSamples(raster);
    }

    private static RgbPicture fromPalette(Raster raster, IndexColorModel palette) {
        int width = raster.getWidth();
        byte[] bytes = new byte[Math.multiplyExact(3, Math.multiplyExact(width, raster.getHeight()))];
        int[] row = new int[width];
        int target = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int index : row) {
                int rgb = index < palette.getMapSize() ? palette.getRGB(index) : 0;
                bytes[target++] = (byte) (rgb >> 16);
                bytes[target++] = (byte) (rgb >> 8);
                bytes[target++] = (byte) rgb;
            }
        }
        return RgbPicture.packed(width, raster.getHeight(), bytes);
    }

    private static RgbPicture fromSamples(Raster raster) {
        int width = raster.getWidth();
        int bandCount = raster.getNumBands();
        int excessBits = raster.getSampleModel().getSampleSize(0) - 8;
        byte[] bytes = new byte[Math.multiplyExact(3, Math.multiplyExact(width, raster.getHeight()))];
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int component = 0; component < 3; component++) {
                raster.getSamples(0, y, width, 1, bandCount < 3 ? 0 : component, row);
                int target = y * width * 3 + component;
                for (int sample : row) {
                    bytes[target] = (byte) (excessBits >= 0 ? sample >> excessBits : sample << -excessBits);
                    target += 3;
                }
            }
        }
        return RgbPicture.packed(width, raster.getHeight(), bytes);
    }
}
