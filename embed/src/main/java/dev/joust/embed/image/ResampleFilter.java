// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// How pixels are weighted when a picture is resized; the codes are those of `resample` in
/// `preprocessor_config.json`. Pillow's definitions, with antialiasing.
public enum ResampleFilter {
    LANCZOS(1, 3) {
        @Override
        double weight(double x) {
            return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    },
    BILINEAR(2, 1) {
        @Override
        double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    /// Keys' cubic with a = -0.5.
    BICUBIC(3, 2) {
        @Override
        double weight(double signedX) {
            double a = -0.5;
            double x = Math.abs(signedX);
            if (x < 1) {
                return ((a + 2) * x - (a + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
        }
    };

    private final int code;
    private final double support;

    ResampleFilter(int code, double support) {
        this.code = code;
        this.support = support;
    }

    /// @throws IllegalArgumentException if the filter is not one of these
    public static ResampleFilter fromCode(int code) {
        for (ResampleFilter filter : values()) {
            if (filter.code == code) {
                return filter;
            }
        }
        throw new IllegalArgumentException("resample " + code + " is not supported");
    }

    /// Distance, in pixels of the smaller scale, from which on a weight is 0.
    double support() {
        return support;
    }

    /// The weight at a signed distance.
    abstract double weight(double x);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
