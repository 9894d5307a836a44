// SPDX-License-Identifier: Apache-2.0
/// Objects in S3 and what speaks its protocol (R2, MinIO, S3 Express), found by the scheme `s3://`.
@NullMarked
package dev.joust.io.s3;

import org.jspecify.annotations.NullMarked;
