// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;

/// The JDK's own readers and writers, whatever others are on the class path: those decode differently.
final class ImageCodecs {
    private static final String JDK = "com.sun.imageio.";

    private ImageCodecs() {}

    /// @param format `JPEG`, `PNG`, `GIF`, ...
    static ImageReader jdkReader(String format) {
        return jdkOwn(ImageIO.getImageReadersByFormatName(format), format + " reader");
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
