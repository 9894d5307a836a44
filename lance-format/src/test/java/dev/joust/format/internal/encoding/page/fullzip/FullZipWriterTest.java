// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page.fullzip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.repdef.RepDefBuilder;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

class FullZipWriterTest {
    private static final LeafValues.FixedWidth TWO_BYTES = new LeafValues.FixedWidth(8, 2, new byte[] {7, 9});

    private static RepDefBuilder list() {
        return new RepDefBuilder(1).addItems(null).addLists(null, new int[] {0, 2}).addItems(null);
    }

    private static byte[] data(EncodedPage page) {
        var buffer = page.buffers().getFirst();
        return Arrays.copyOf(buffer.bytes(), 4);
    }

    /// The reference joins pages of a column; of lists it miscounts nulls where one page says what is null, another not.
    @Test
    void listsThatMayBeNullSayThatNoneIs() {
        RepDefLevels levels = list().withOuterNullable().build();
        EncodedPage page = FullZipWriter.write(TWO_BYTES, levels);
        var layout = assertInstanceOf(PageLayout.FullZipLayout.class, page.layout());
        assertEquals(1, layout.repetitionBits());
        assertEquals(1, layout.definitionBits());
        assertArrayEquals(new byte[] {1 << 1, 7, 0, 9}, data(page));
    }

    @Test
    void listsThatAreNeverNullHaveNoDefinition() {
        EncodedPage page = FullZipWriter.write(TWO_BYTES, list().build());
        var layout = assertInstanceOf(PageLayout.FullZipLayout.class, page.layout());
        assertEquals(0, layout.definitionBits());
        assertArrayEquals(new byte[] {1, 7, 0, 9}, data(page));
    }
}
