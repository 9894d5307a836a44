// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;

import dev.joust.embed.image.PictureException.Reason;

/// The readers and writers that pictures are decoded and encoded with, whatever others are on the class path: those
/// decode differently.
final class ImageCodecs {
    private static final String JDK = "com.sun.imageio.";
    /// The WebP reader looks ahead, less than that.
    private static final int READ_AHEAD_BYTES = 64;

    private ImageCodecs() {}

    /// The first picture of a file.
    static BufferedImage read(ImageReader reader, String format, byte[] decodable, int width, int height) {
        return read(reader, format, new ByteArrayInputStream(decodable), width, height, Long.MAX_VALUE);
    }

    /// The picture of a WebP. Its reader takes what is not there for zeros, at great cost; here it may look ahead a
    /// little and no further.
    static BufferedImage readWebp(byte[] decodable, int width, int height) {
        InputStream padded = new SequenceInputStream(
                new ByteArrayInputStream(decodable), new FilterInputStream(new ByteArrayInputStream(new byte[READ_AHEAD_BYTES])) {
                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        int count = super.read(target, offset, length);
                        if (count < 0) {
                            throw cutShort("WebP", "its pixels end early");
                        }
                        return count;
                    }
                });
        return read(reader(new WebPImageReaderSpi()), "WebP", padded, width, height, decodable.length);
    }

    /// A JPEG.
    ///
    /// @param width  of what is read
    /// @param height likewise
    /// @param step   of so many pixels along an edge one is read
    static BufferedImage readJpeg(byte[] decodable, int width, int height, int step) {
        ImageReader reader = jdkReader("JPEG");
        return reading(reader, "JPEG", new ByteArrayInputStream(decodable), Long.MAX_VALUE, () -> {
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(step, step, 0, 0);
            BufferedImage image = reader.read(0, param);
            checkDimensions("JPEG", width, height, image.getWidth(), image.getHeight());
            return image;
        });
    }

    /// The first picture of a file with its components as they are stored.
    static Raster readRaster(ImageReader reader, String format, byte[] decodable, int width, int height) {
        return reading(reader, format, new ByteArrayInputStream(decodable), Long.MAX_VALUE, () -> {
            Raster raster = reader.readRaster(0, null);
            checkDimensions(format, width, height, raster.getWidth(), raster.getHeight());
            return raster;
        });
    }

    private static BufferedImage read(
            ImageReader reader, String format, InputStream decodable, int width, int height, long endOffset) {
        return reading(reader, format, decodable, endOffset, () -> {
            BufferedImage image = reader.read(0);
            checkDimensions(format, width, height, image.getWidth(), image.getHeight());
            return image;
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }

    /// @param endOffset who reads further has had too little
    private static <T> T reading(
            ImageReader reader, String format, InputStream decodable, long endOffset, Reading<T> reading) {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        try (ImageInputStream input = new MemoryCacheImageInputStream(decodable)) {
            reader.setInput(input, true, true);
            T result = reading.run();
            if (input.getStreamPosition() > endOffset) {
                throw cutShort(format, "its pixels end early");
            }
            checkComplete(format, warnings);
            return result;
        } catch (IOException e) {
            throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": " + words(e), e);
        } catch (PictureException e) {
            throw e;
        } catch (RuntimeException e) {
            // The readers answer some damaged files so
            throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": " + words(e), e);
        } finally {
            reader.dispose();
        }
    }

    private static PictureException cutShort(String format, String how) {
        return new PictureException(Reason.CUT_SHORT, "a " + format + " cut short: " + how);
    }

    /// What a reader says is wrong, without the names of its classes.
    private static String words(Exception e) {
        String message = e.getMessage();
        return message == null || message.toLowerCase(Locale.ROOT).contains("exception")
                ? "its pixels cannot be decoded" : message;
    }

    private static void checkDimensions(String format, int width, int height, int foundWidth, int foundHeight) {
        if (foundWidth != width || foundHeight != height) {
            throw new PictureException(Reason.DAMAGED, "a damaged " + format + ": it declares " + width + " x "
                    + height + " pixels and holds " + foundWidth + " x " + foundHeight);
        }
    }

    /// A JPEG whose data ends early is filled up with grey and a warning; here it is an error.
    private static void checkComplete(String format, List<String> warnings) {
        for (String warning : warnings) {
            if (warning.contains("EOI") || warning.contains("remature end")) {
                throw cutShort(format, warning);
            }
        }
    }

    /// @param format `JPEG`, `PNG`, `GIF`, ...
    static ImageReader jdkReader(String format) {
        return jdkOwn(ImageIO.getImageReadersByFormatName(format), format + " reader");
    }

    static ImageReader tiffReader() {
        return reader(new TIFFImageReaderSpi());
    }

    private static ImageReader reader(ImageReaderSpi provider) {
        try {
            return provider.createReaderInstance();
        } catch (IOException e) {
            throw new IllegalStateException(provider.getClass().getSimpleName() + " makes no reader", e);
        }
    }

    static ImageWriter jdkWriter(String format) {
        return jdkOwn(ImageIO.getImageWritersByFormatName(format), format + " writer");
    }

    private static <T> T jdkOwn(Iterator<T> codecs, String what) {
        while (codecs.hasNext()) {
            T codec = codecs.next();
            if (codec.getClass().getName().startsWith(JDK)) {
                return codec;
            }
        }
        throw new IllegalStateException("this Java has no " + what + "; is the module java.desktop there?");
    }
}
