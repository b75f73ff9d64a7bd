"""The beginnings of files as phones and offices make them."""

OPUS = b"OggS\x00\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\0" * 4000
M4A = b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom" + b"\0" * 200
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 200
MP3 = b"ID3\x03\x00\x00\x00\x00\x0f" + b"\0" * 300
AMR = b"#!AMR\n" + b"\0" * 100
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 100
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50
PDF = b"%PDF-1.4\n1 0 obj\n" + b"\0" * 50 + b"\n%%EOF"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
EXE = b"MZ\x90\0" + b"\0" * 100
ELF = b"\x7fELF\2\1\1" + b"\0" * 50
SCRIPT = b"#!/bin/sh\nrm -r everything\n"
XML = b"<?xml version='1.0'?><NFe></NFe>"
VCARD = b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD"
