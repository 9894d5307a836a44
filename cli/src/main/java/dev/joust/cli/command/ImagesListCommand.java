// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.pictures.DeletedPicture;
import dev.joust.pictures.Picture;
import dev.joust.pictures.PictureQuery;

/// `images list`: pictures with what is known of them.
@Command(
        name = "list",
        description = "Pictures with what is known of them, in the order of the table.",
        footer = {"", "Example: joust images list --data photos -w \"camera LIKE 'Canon%%'\" -k 50"})
final class ImagesListCommand extends BaseCommand {
    @Mixin
    private final PictureOptions library = new PictureOptions();

    @Mixin
    private final PictureRange range = new PictureRange();

    @Option(names = "--deleted", description = "Those that are deleted and can be restored, latest first.")
    private boolean deleted;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ImagesListCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        output.check();
        PictureQuery query;
        try {
            query = range.of(PictureQuery.ALL);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (deleted && (query.version() != null || query.at() != null || !query.conditions().isEmpty())) {
            throw new UsageException("--deleted goes with -k and --offset alone");
        }
        return library.with(resources, true, opened -> {
            List<Picture> pictures = deleted
                    ? opened.deleted().stream().skip(query.offset()).limit(query.k()).map(DeletedPicture::picture).toList()
                    : opened.list(query).pictures();
            PictureRows.write(pictures, output, context, resources.memory());
            return 0;
        });
    }
}
