// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Small JPEGs of pictures, for pages that show many.
public final class Thumbnail {
    private static final float QUALITY = 0.85f;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;

    private Thumbnail() {}

    /// A baseline JPEG of the whole picture, without metadata. The same pixels give the same bytes on the same Java.
    ///
    /// @param maxEdge the longer edge at most, in pixels; a picture smaller than that keeps its size
    public static byte[] jpeg(RgbPicture picture, int maxEdge) {
        if (maxEdge < 1) {
            throw new IllegalArgumentException("a thumbnail of " + maxEdge + " pixels");
        }
        int longer = Math.max(picture.width(), picture.height());
        int width = scaled(picture.width(), longer, maxEdge);
        int height = scaled(picture.height(), longer, maxEdge);
        return encode(Resampler.resizeQuickly(picture, ResampleFilter.BICUBIC, width, height), width, height);
    }

    /// Whether bytes that were kept have both ends of a JPEG.
    public static boolean isWhole(byte[] kept) {
        int length = kept.length;
        return length >= 4 && isMarker(kept, 0, START_OF_IMAGE) && isMarker(kept, length - 2, END_OF_IMAGE);
    }

    private static boolean isMarker(byte[] bytes, int at, int marker) {
        return (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == marker;
    }

    /// Rounded, but never to nothing.
    private static int scaled(int edge, int longer, int maxEdge) {
        return longer <= maxEdge ? edge : (int) Math.max(1, ((long) edge * maxEdge + longer / 2) / longer);
    }

    private static byte[] encode(byte[] rgb, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < bgr.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        ImageWriter writer = ImageCodecs.jdkWriter("JPEG");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var output = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(output);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
