// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/// The body of an answer to ListObjectsV2:
///
///     ListBucketResult
///       IsTruncated, NextContinuationToken
///       Contents         Key, LastModified, ETag, Size      for each object
///       CommonPrefixes   Prefix                             for each folder
///
/// Elements of other names are passed over. For one thread.
final class ListingXml {
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private boolean isTruncated;
    private @Nullable String nextContinuation;
    private final List<ListingPage.Listed> objects = new ArrayList<>();
    private final List<String> prefixes = new ArrayList<>();

    private ListingXml(XMLStreamReader reader) {
        this.reader = reader;
    }

    /// @param head of the answer that the body is of
    /// @throws IOException if the body is no listing, or ends early
    static ListingPage parse(InputStream body, SdkHttpResponse head) throws IOException {
        try {
            return new ListingXml(FACTORY.createXMLStreamReader(body)).page(head);
        } catch (XMLStreamException | NumberFormatException | DateTimeException e) {
            throw new IOException("the answer is no listing", e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private ListingPage page(SdkHttpResponse head) throws XMLStreamException, IOException {
        if (reader.nextTag() != XMLStreamConstants.START_ELEMENT || !reader.getLocalName().equals("ListBucketResult")) {
            throw new IOException("the answer is no listing");
        }
        while (nextChild()) {
            switch (reader.getLocalName()) {
                case "IsTruncated" -> isTruncated = Boolean.parseBoolean(reader.getElementText().strip());
                case "NextContinuationToken" -> nextContinuation = reader.getElementText();
                case "Contents" -> objects.add(object());
                case "CommonPrefixes" -> prefixes.add(prefix());
                default -> skip();
            }
        }
        return new ListingPage(objects, prefixes, isTruncated, nextContinuation, head);
    }

    private ListingPage.Listed object() throws XMLStreamException, IOException {
        String key = null;
        Instant lastModified = null;
        String eTag = null;
        Long sizeBytes = null;
        while (nextChild()) {
            switch (reader.getLocalName()) {
                case "Key" -> key = reader.getElementText();
                case "LastModified" -> lastModified = Instant.parse(reader.getElementText().strip());
                case "ETag" -> eTag = reader.getElementText();
                case "Size" -> sizeBytes = Long.valueOf(reader.getElementText().strip());
                default -> skip();
            }
        }
        if (key == null || sizeBytes == null || lastModified == null) {
            throw new IOException("the listing does not say how an object is called, how long it is, or since when");
        }
        return new ListingPage.Listed(key, sizeBytes, lastModified, eTag);
    }

    private String prefix() throws XMLStreamException, IOException {
        String prefix = null;
        while (nextChild()) {
            if (reader.getLocalName().equals("Prefix")) {
                prefix = reader.getElementText();
            } else {
                skip();
            }
        }
        if (prefix == null) {
            throw new IOException("the listing does not say how a folder is called");
        }
        return prefix;
    }

    /// @return false at the end of the element that the reader is in
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {}
            }
        }
    }

    private void skip() throws XMLStreamException {
        while (nextChild()) {
            skip();
        }
    }
}
