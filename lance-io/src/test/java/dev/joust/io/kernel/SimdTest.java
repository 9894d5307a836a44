// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SimdTest {
    private static final String HOTSPOT = "mixed mode, sharing";

    @Test
    void vectorsAreUsedWhereTheyAreThereAndWideEnough() {
        assertTrue(Simd.decide("", true, HOTSPOT, () -> 512).active());
        assertTrue(Simd.decide("", true, HOTSPOT, () -> 128).active());
        assertFalse(Simd.decide("", true, HOTSPOT, () -> 64).active());
        assertFalse(Simd.decide("", false, HOTSPOT, SimdTest::absent).active());
    }

    @Test
    void vectorsAreNotUsedWithoutTheOptimisingCompiler() {
        assertFalse(Simd.decide("", true, "interpreted mode", () -> 512).active());
        assertFalse(Simd.decide("", true, "mixed mode, emulated-client, sharing", () -> 512).active());
    }

    @Test
    void propertyForcesOne() {
        assertFalse(Simd.decide("scalar", true, HOTSPOT, () -> 512).active());
        assertTrue(Simd.decide("simd", true, "interpreted mode", () -> 128).active());
        assertTrue(Simd.decide("simd", true, HOTSPOT, () -> 128).forced());
        assertTrue(Simd.decide("scalar", true, HOTSPOT, () -> 128).forced());
        assertFalse(Simd.decide("", true, HOTSPOT, () -> 128).forced());
    }

    @Test
    void forcingWhatIsNotThereIsAnErrorThatSaysHowToGetIt() {
        var e = assertThrows(
                IllegalStateException.class, () -> Simd.decide("simd", false, HOTSPOT, SimdTest::absent));
        assertTrue(e.getMessage().contains("--add-modules jdk.incubator.vector"), e.getMessage());
    }

    @Test
    void otherValuesOfThePropertyAreRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> Simd.decide("fast", true, HOTSPOT, () -> 512));
        assertTrue(e.getMessage().contains("fast"), e.getMessage());
    }

    @Test
    void scalarKernelsNeedNoSimdClass() {
        if (!Simd.isActive()) {
            assertEquals("scalar", Simd.choose(String.class, () -> "scalar", "no.such.Class"));
        } else {
            assertThrows(
                    IllegalStateException.class, () -> Simd.choose(String.class, () -> "scalar", "no.such.Class"));
        }
        assertFalse(Simd.reason().isEmpty());
    }

    private static int absent() {
        throw new AssertionError("asked for the width of vectors that are not there");
    }
}
