# One image for web, worker, beat and migrate; docker-compose.yml says which command runs.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LODESTONE_HOME=/var/lib/lodestone \
    LODESTONE_STATIC_ROOT=/srv/lodestone/static
RUN groupadd --system --gid 10001 lodestone \
 && useradd --system --uid 10001 --gid 10001 --no-create-home lodestone \
 && install --directory --owner lodestone --group lodestone --mode 0750 /var/lib/lodestone
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/lodestone
COPY manage.py ./
COPY config config
COPY traceability traceability
COPY epd epd
# Texts that the site serves.
COPY docs/algorithms docs/algorithms
COPY docs/api.md docs/
# The throw-away keys that the embedded size makes at its first start do not stay in the image.
RUN LODESTONE_HOME=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
 && rm -r /tmp/build \
 && python -m compileall -q config traceability epd
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
