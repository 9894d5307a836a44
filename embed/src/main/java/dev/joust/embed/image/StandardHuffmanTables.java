// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.io.ByteArrayOutputStream;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/// The tables that a JPEG has which brings none: webcams leave them out of each picture of their films.
///
///     DHT  FF C4, u16 length with itself, then tables: u8 class << 4 | id, 16 x u8 codes of each length, u8 per code
///
/// Source: ITU T.81, annex K.3 and B.2.4.2.
final class StandardHuffmanTables {
    private static final int AC = 0x10;

    private StandardHuffmanTables() {}

    static byte[] segment() {
        ByteArrayOutputStream tables = new ByteArrayOutputStream();
        add(0, JPEGHuffmanTable.StdDCLuminance, tables);
        add(AC, JPEGHuffmanTable.StdACLuminance, tables);
        add(1, JPEGHuffmanTable.StdDCChrominance, tables);
        add(AC | 1, JPEGHuffmanTable.StdACChrominance, tables);
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        int lengthBytes = 2 + tables.size();
        segment.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xC4, (byte) (lengthBytes >> 8), (byte) lengthBytes});
        segment.writeBytes(tables.toByteArray());
        return segment.toByteArray();
    }

    private static void add(int classAndId, JPEGHuffmanTable table, ByteArrayOutputStream out) {
        out.write(classAndId);
        short[] lengths = table.getLengths();
        for (int i = 0; i < 16; i++) {
            out.write(i < lengths.length ? lengths[i] : 0);
        }
        for (short value : table.getValues()) {
            out.write(value);
        }
    }
}
