// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpResponse;

/// Answers to listings, whole and damaged.
class ListingXmlTest {
    private static final String OBJECT =
            "<Contents><Key>t/a</Key><LastModified>2026-11-22T02:43:26.000Z</LastModified><Size>12</Size></Contents>";

    private static ListingPage parse(String text) throws IOException {
        return ListingXml.parse(
                new ByteArrayInputStream(text.getBytes(UTF_8)),
                SdkHttpResponse.builder().statusCode(200).build());
    }

    @Test
    void objectsFoldersAndWhereTheNextPageStartsAreRead() throws IOException {
        ListingPage page = parse(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>t/</Prefix>
                  <IsTruncated>true</IsTruncated><NextContinuationToken>1/a&#43;b==</NextContinuationToken><KeyCount>2</KeyCount>
                  <Contents><Key>t/x &amp; &lt;ü&gt;</Key><LastModified>2026-11-22T02:43:26.123Z</LastModified><ETag>&quot;00ff&quot;</ETag>
                    <Size>5000000000</Size><Owner><ID>somebody</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>
                  <CommonPrefixes><Prefix>t/y/</Prefix></CommonPrefixes>
                </ListBucketResult>""");
        assertEquals(true, page.isTruncated());
        assertEquals("1/a+b==", page.nextContinuation());
        assertEquals(1, page.objects().size());
        ListingPage.Listed object = page.objects().getFirst();
        assertEquals("t/x & <ü>", object.key());
        assertEquals("\"00ff\"", object.eTag());
        assertEquals(5_000_000_000L, object.sizeBytes());
        assertEquals(Instant.parse("2026-11-22T02:43:26.123Z"), object.lastModified());
        assertEquals("t/y/", page.prefixes().getFirst());
    }

    @Test
    void anEmptyListingIsEmpty() throws IOException {
        ListingPage page = parse("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
        assertEquals(0, page.objects().size() + page.prefixes().size());
        assertEquals(false, page.isTruncated());
    }

    @Test
    void aListingThatEndsEarlyIsNoShorterListing() throws IOException {
        String whole = "<ListBucketResult><IsTruncated>false</IsTruncated>" + OBJECT + OBJECT + "</ListBucketResult>";
        assertEquals(2, parse(whole).objects().size());
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThrows(IOException.class, () -> parse(cut), cut);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Error><Code>NoSuchBucket</Code></Error>",
                "<ListBucketResult><Contents><Key>t/a</Key><Size>1</Size></Contents></ListBucketResult>",
                "<ListBucketResult><Contents><Key>a</Key><LastModified>yesterday</LastModified><Size>1</Size></Contents></ListBucketResult>",
                "<ListBucketResult><Contents><Key>a</Key><LastModified>2026-11-22T02:43:26Z</LastModified><Size>many</Size></Contents></ListBucketResult>",
                "<ListBucketResult><CommonPrefixes/></ListBucketResult>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><ListBucketResult><NextContinuationToken>&e;</NextContinuationToken></ListBucketResult>",
                "<ListBucketResult><Contents><Key><b>a</b></Key></Contents></ListBucketResult>",
                "listing"
            })
    void whatIsNoListingIsRefused(String text) {
        assertThrows(IOException.class, () -> parse(text));
    }
}
