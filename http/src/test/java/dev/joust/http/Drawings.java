// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import javax.imageio.ImageIO;

/// Small pictures made here, in real encodings.
public final class Drawings {
    private Drawings() {}

    /// A circle on white whose colour and place follow from `seed`.
    public static byte[] circle(int seed, String format) {
        BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 64, 64);
        pen.setColor(Color.getHSBColor(seed * 0.137f, 1, 0.9f));
        pen.fillOval(seed % 20, seed % 15, 30, 30);
        pen.setColor(new Color(seed * 7919 & 0xffffff));
        pen.fillRect(60, 60, 4, 4);
        pen.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
